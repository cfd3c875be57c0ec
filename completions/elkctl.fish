# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_elkctl_global_optspecs
    string join \n c/context= server= token-file= o/output= columns= q/quiet y/yes confirm= dry-run v/verbose color= absolute-time no-input request-timeout= h/help V/version
end

function __fish_elkctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_elkctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_elkctl_using_subcommand
    set -l cmd (__fish_elkctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c elkctl -n "__fish_elkctl_needs_command" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_needs_command" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_needs_command" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_needs_command" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_needs_command" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_needs_command" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_needs_command" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_needs_command" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_needs_command" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_needs_command" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_needs_command" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_needs_command" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_needs_command" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_needs_command" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_needs_command" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "up" -d 'Run the whole backend in this process'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "login" -d 'Open a session and remember the server'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "logout" -d 'End the session and forget its credential'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "whoami" -d 'Show who is signed in'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "context" -d 'Servers that are known'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "agent" -d 'Agents'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "ag" -d 'Agents'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "tag" -d 'Tags of agents'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "task" -d 'Orders to agents'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "component" -d 'Binaries that agents run'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "comp" -d 'Binaries that agents run'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "rollout" -d 'Changes that reach agents in steps'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "ro" -d 'Changes that reach agents in steps'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "config" -d 'What agents should run'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "user" -d 'Users'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "role" -d 'Roles: what users may do'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "token" -d 'Tokens for programs'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "session" -d 'Sessions that are open'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "audit" -d 'Who changed what, and who was refused'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "alert" -d 'Alerts: what somebody should look at'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "event" -d 'What happens in the backend, and records of agents'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "cluster" -d 'The backend itself'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "cl" -d 'The backend itself'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "tui" -d 'The dashboard'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "top" -d 'The dashboard'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "import" -d 'Take over what another installation knows'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "doctor" -d 'Look for trouble between here and the backend'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "api" -d 'Call any path of the server'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "version" -d 'Show the versions of this program and of the server'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "completion" -d 'Print a completion script'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "__generate" -d 'Write completions and man pages below a directory'
complete -c elkctl -n "__fish_elkctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l data -d 'Directory of all state; under XDG data by default' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l listen -d 'Address to listen on' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l advertise -d 'Host that agents and services dial; needed where --listen is a wildcard' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l ports -d 'default: 8088, 6701, 6751, 6752 and 6754, as the reference; auto: the last ones if free, else free ones' -r -f -a "default\t''
auto\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l demo -d 'Start this many simulated agents too, with heartbeats every 5 s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l config -d 'Settings of the daemons, TOML with the sections sd, manager, ac and bus' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l import-pki -d 'An existing Elkeid CA, server and client pair to use: ca.crt, server.crt, server.key, client.crt and client.key' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand up" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s u -l user -d 'The user\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l store -d 'Where to keep the credential: file, keyring or none; the keyring if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l ca-file -d 'The authority of the server\'s certificate, PEM; kept with the context' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l password-stdin -d 'Read the password from standard input'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l otp-stdin -d 'Read a code of the second factor, or a recovery code, from standard input: with --password-stdin it stands on the line after the password'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l no-store -d 'Keep and change nothing: only look whether the password is right'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand login" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand logout" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand whoami" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "list" -d 'List contexts'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "show" -d 'Show a context; the current one if none is named'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "use" -d 'Use a context from now on'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "set" -d 'Make or change a context; what is not said stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "add" -d 'Make or change a context; what is not said stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "rename" -d 'Give a context another name'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "prompt" -d 'Print what a shell shows of the context before each line; asks no server'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "delete" -d 'Forget a context; its credential goes with `elkctl logout`'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "remove" -d 'Forget a context; its credential goes with `elkctl logout`'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and not __fish_seen_subcommand_from list show use set add rename prompt delete remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l user -d 'Who signs in' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l ca-file -d 'PEM file of the authority to trust' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l tls-server-name -d 'The name that the server\'s certificate must hold' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l protected -d 'Make every change ask for its token' -r -f -a "true\t''
false\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l read-only -d 'Refuse every change' -r -f -a "true\t''
false\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l allow-plaintext -d 'Take plain HTTP to other hosts' -r -f -a "true\t''
false\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l banner -d 'Shown before changes' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l default-selector -d 'Added to the selector of `agent list`' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l user -d 'Who signs in' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l ca-file -d 'PEM file of the authority to trust' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l tls-server-name -d 'The name that the server\'s certificate must hold' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l protected -d 'Make every change ask for its token' -r -f -a "true\t''
false\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l read-only -d 'Refuse every change' -r -f -a "true\t''
false\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l allow-plaintext -d 'Take plain HTTP to other hosts' -r -f -a "true\t''
false\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l banner -d 'Shown before changes' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l default-selector -d 'Added to the selector of `agent list`' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l format -d '%c is the context, %s the server, %u the user, %! a mark if it is protected' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from prompt" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "list" -d 'List contexts'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a context; the current one if none is named'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "use" -d 'Use a context from now on'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "set" -d 'Make or change a context; what is not said stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Give a context another name'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "prompt" -d 'Print what a shell shows of the context before each line; asks no server'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Forget a context; its credential goes with `elkctl logout`'
complete -c elkctl -n "__fish_elkctl_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "list" -d 'List agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "get" -d 'Show one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "inspect" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "describe" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "why" -d 'Say why an agent is offline or did not do what it should'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "status" -d 'Show how the fleet is, or some agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "count" -d 'Count agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "restart" -d 'Restart agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "forget" -d 'Forget agents that are offline'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s l -l selector -d 'Only agents that match, such as tag=prod,status!=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l status -d 'Only agents of these statuses' -r -f -a "running\t''
abnormal\t''
offline\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l sort -d 'id, hostname, last_seen or first_seen' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s r -l reverse -d 'The other way round'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from describe" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l exit-status -d 'End with 3 if something is wrong'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from why" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l min-healthy -d 'So much of the fleet has to run, in percent' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l exit-status -d 'End with 3 unless all are running, or as many as --min-healthy says'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l by -d 'One or two keys, joined by a comma: status, version, platform, arch, tag, ac, idc, component.NAME' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s l -l selector -d 'Only agents that match' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from count" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l max-in-flight -d 'So many at a time' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from restart" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l offline-for -d 'Only those offline for at least this long' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from forget" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "list" -d 'List agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "why" -d 'Say why an agent is offline or did not do what it should'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how the fleet is, or some agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "count" -d 'Count agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "restart" -d 'Restart agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget agents that are offline'
complete -c elkctl -n "__fish_elkctl_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "list" -d 'List agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "get" -d 'Show one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "inspect" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "describe" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "why" -d 'Say why an agent is offline or did not do what it should'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "status" -d 'Show how the fleet is, or some agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "count" -d 'Count agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "restart" -d 'Restart agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "forget" -d 'Forget agents that are offline'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and not __fish_seen_subcommand_from list get inspect describe why status count restart forget help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s l -l selector -d 'Only agents that match, such as tag=prod,status!=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l status -d 'Only agents of these statuses' -r -f -a "running\t''
abnormal\t''
offline\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l sort -d 'id, hostname, last_seen or first_seen' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s r -l reverse -d 'The other way round'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from describe" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l exit-status -d 'End with 3 if something is wrong'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from why" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l min-healthy -d 'So much of the fleet has to run, in percent' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l exit-status -d 'End with 3 unless all are running, or as many as --min-healthy says'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l by -d 'One or two keys, joined by a comma: status, version, platform, arch, tag, ac, idc, component.NAME' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s l -l selector -d 'Only agents that match' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from count" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l max-in-flight -d 'So many at a time' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from restart" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l offline-for -d 'Only those offline for at least this long' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from forget" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "list" -d 'List agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "why" -d 'Say why an agent is offline or did not do what it should'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how the fleet is, or some agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "count" -d 'Count agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "restart" -d 'Restart agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget agents that are offline'
complete -c elkctl -n "__fish_elkctl_using_subcommand ag; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -f -a "list" -d 'List tags in use'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -f -a "add" -d 'Add a tag to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -f -a "remove" -d 'Take a tag from agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and not __fish_seen_subcommand_from list add remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from help" -f -a "list" -d 'List tags in use'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a tag to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Take a tag from agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand tag; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "create" -d 'Give an order to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "list" -d 'List tasks, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "get" -d 'Show a task'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "results" -d 'Show what became of a task on each agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "cancel" -d 'Cancel what is not yet sent'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "retry" -d 'Give the same order to agents that it did not succeed on, as a new task'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and not __fish_seen_subcommand_from create list get results cancel retry help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l plugin -d 'The plugin it addresses; elkeid-agent for the agent itself' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l data-type -d 'Its number' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l data -d 'Its argument; @FILE reads a file, - standard input' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l name -d 'Free text for people' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l max-in-flight -d 'So many agents at a time' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l timeout -d 'How long --wait waits; without --wait as --agent-timeout' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l agent-timeout -d 'How long an agent that was reached has to answer; 10m if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l wait -d 'Wait until all agents are done'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l wait -d 'Wait until all its agents are done'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l status -l state -d 'Only this state' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from results" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from cancel" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l status -l state -d 'Only agents that ended so; failed, timed_out and expired if not said. What is unknown may be done twice' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l wait -d 'Wait until all agents are done'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from retry" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "create" -d 'Give an order to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "list" -d 'List tasks, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show a task'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "results" -d 'Show what became of a task on each agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "cancel" -d 'Cancel what is not yet sent'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Give the same order to agents that it did not succeed on, as a new task'
complete -c elkctl -n "__fish_elkctl_using_subcommand task; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "create" -d 'Create a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "list" -d 'List components'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "get" -d 'Show a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "publish" -d 'Upload files and publish them as a version, which never changes again'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "block" -d 'Let no profile and no rollout select a version; rollouts that bring it are paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "unblock" -d 'Take the block of a version away; rollouts stay paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "versions" -d 'List the versions of a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l type -d 'exec, tar.gz or agent' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l version -d 'Four numbers, such as 1.7.0.24' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l file -d 'VARIANT=FILE, such as default=./driver or debian_x86_64=./agent.deb; FILE alone is the default' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l reason -d 'What is wrong with it' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from block" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from unblock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from versions" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "list" -d 'List components'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "publish" -d 'Upload files and publish them as a version, which never changes again'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "block" -d 'Let no profile and no rollout select a version; rollouts that bring it are paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "unblock" -d 'Take the block of a version away; rollouts stay paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "versions" -d 'List the versions of a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand component; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "create" -d 'Create a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "list" -d 'List components'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "get" -d 'Show a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "publish" -d 'Upload files and publish them as a version, which never changes again'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "block" -d 'Let no profile and no rollout select a version; rollouts that bring it are paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "unblock" -d 'Take the block of a version away; rollouts stay paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "versions" -d 'List the versions of a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and not __fish_seen_subcommand_from create list get publish block unblock versions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l type -d 'exec, tar.gz or agent' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l version -d 'Four numbers, such as 1.7.0.24' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l file -d 'VARIANT=FILE, such as default=./driver or debian_x86_64=./agent.deb; FILE alone is the default' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l reason -d 'What is wrong with it' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from block" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from unblock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from versions" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "list" -d 'List components'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "publish" -d 'Upload files and publish them as a version, which never changes again'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "block" -d 'Let no profile and no rollout select a version; rollouts that bring it are paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "unblock" -d 'Take the block of a version away; rollouts stay paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "versions" -d 'List the versions of a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand comp; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "create" -d 'Bring a version or the profile to agents in steps'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "list" -d 'List rollouts, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "status" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "get" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "agents" -d 'List the agents of a rollout in the order of their turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "pause" -d 'Give no more orders; agents that have theirs go on'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "resume" -d 'Go on where it was paused, or where it halted'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "promote" -d 'End the wait after a step and begin the next'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "abort" -d 'End a rollout; agents stay as they are'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "undo" -d 'Take every agent it touched back to what that agent had before'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "retry" -d 'Give agents that failed another turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l component -d 'What it brings; elkeid-agent for the agent itself' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l version -d 'The version of --component' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l detail -d 'What the plugin gets as its DETAIL; @FILE reads a file; as it is now if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l profile -d 'Bring all that this profile names' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l steps -d 'How many agents have been reached after each step, such as canary:50,5%,25%,100%' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l soak -d 'Wait so long after each step and look at its agents again' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l health-window -d 'An agent is done when it ran the target for so long, and at least two of its heartbeats' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l install-timeout -d 'An agent has so long to report the target; 12 of its heartbeats if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l max-in-flight -d 'So many agents at a time; 500 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l max-failed -d 'Halt when more agents have failed: N, or P% of those reached; 1% if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l on-failure -d 'When it halts: pause, or undo all that it did' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l offline -d 'Agents that are offline: defer until they come back, or skip' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l defer-until -d 'Wait so long for those that are deferred; 7d if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l groups -d 'Tags, one after the other by all the steps; agents with none of them come last' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l window -d 'Give orders at these times only, such as \'Mon-Thu 02:00-05:00 Europe/Berlin\'; UTC if no zone is said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l name -d 'Free text for people' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l manual -d 'Wait for a promote after each step'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l allow-downgrade -d 'Take agents that run a later version back to this one'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l paused -d 'Begin when somebody resumes it'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l exit-status -d 'End with 0 if it is completed, 8 if it goes on, 11 if it halted, was aborted or undone, 12 if it is paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l exit-status -d 'End with 0 if it is completed, 8 if it goes on, 11 if it halted, was aborted or undone, 12 if it is paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l state -l status -d 'Only this state' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from agents" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l ack -d 'Why a rollout that halted may go on; what has failed so far counts no more' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from retry" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "create" -d 'Bring a version or the profile to agents in steps'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "list" -d 'List rollouts, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "agents" -d 'List the agents of a rollout in the order of their turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "pause" -d 'Give no more orders; agents that have theirs go on'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Go on where it was paused, or where it halted'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "promote" -d 'End the wait after a step and begin the next'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "abort" -d 'End a rollout; agents stay as they are'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Take every agent it touched back to what that agent had before'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Give agents that failed another turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "create" -d 'Bring a version or the profile to agents in steps'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "list" -d 'List rollouts, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "status" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "get" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "agents" -d 'List the agents of a rollout in the order of their turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "pause" -d 'Give no more orders; agents that have theirs go on'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "resume" -d 'Go on where it was paused, or where it halted'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "promote" -d 'End the wait after a step and begin the next'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "abort" -d 'End a rollout; agents stay as they are'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "undo" -d 'Take every agent it touched back to what that agent had before'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "retry" -d 'Give agents that failed another turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and not __fish_seen_subcommand_from create list status get agents pause resume promote abort undo retry help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l component -d 'What it brings; elkeid-agent for the agent itself' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l version -d 'The version of --component' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l detail -d 'What the plugin gets as its DETAIL; @FILE reads a file; as it is now if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l profile -d 'Bring all that this profile names' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l steps -d 'How many agents have been reached after each step, such as canary:50,5%,25%,100%' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l soak -d 'Wait so long after each step and look at its agents again' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l health-window -d 'An agent is done when it ran the target for so long, and at least two of its heartbeats' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l install-timeout -d 'An agent has so long to report the target; 12 of its heartbeats if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l max-in-flight -d 'So many agents at a time; 500 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l max-failed -d 'Halt when more agents have failed: N, or P% of those reached; 1% if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l on-failure -d 'When it halts: pause, or undo all that it did' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l offline -d 'Agents that are offline: defer until they come back, or skip' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l defer-until -d 'Wait so long for those that are deferred; 7d if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l groups -d 'Tags, one after the other by all the steps; agents with none of them come last' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l window -d 'Give orders at these times only, such as \'Mon-Thu 02:00-05:00 Europe/Berlin\'; UTC if no zone is said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l name -d 'Free text for people' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l manual -d 'Wait for a promote after each step'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l allow-downgrade -d 'Take agents that run a later version back to this one'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l paused -d 'Begin when somebody resumes it'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l exit-status -d 'End with 0 if it is completed, 8 if it goes on, 11 if it halted, was aborted or undone, 12 if it is paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l exit-status -d 'End with 0 if it is completed, 8 if it goes on, 11 if it halted, was aborted or undone, 12 if it is paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l state -l status -d 'Only this state' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from agents" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from pause" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l ack -d 'Why a rollout that halted may go on; what has failed so far counts no more' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from resume" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from promote" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from abort" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from undo" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l timeout -d 'How long --wait waits' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l wait -d 'Wait until it ends, halts or pauses, and end with its exit status'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from retry" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "create" -d 'Bring a version or the profile to agents in steps'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "list" -d 'List rollouts, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "agents" -d 'List the agents of a rollout in the order of their turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "pause" -d 'Give no more orders; agents that have theirs go on'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Go on where it was paused, or where it halted'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "promote" -d 'End the wait after a step and begin the next'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "abort" -d 'End a rollout; agents stay as they are'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Take every agent it touched back to what that agent had before'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Give agents that failed another turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand ro; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -f -a "get" -d 'Show the profile, or what one agent should run'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -f -a "set" -d 'Change the profile, which agents get when they connect the next time; what is not named stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -f -a "use-context" -d 'What kubectl calls contexts stands elsewhere'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -f -a "push" -d 'Send the configuration to agents now'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and not __fish_seen_subcommand_from get set use-context push help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l agent -d 'What this agent should run against what it runs' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l plugin -d 'NAME=VERSION of a plugin, as without the flag' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l detail -d 'PLUGIN=TEXT that the plugin gets as its DETAIL; @FILE reads a file' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l agent-version -d 'The version of the agent itself' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l remove -d 'Take a plugin out; elkeid-agent leaves agents as they are' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l revision -d 'Only if this is still the profile\'s revision' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from use-context" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s l -l selector -d 'Agents that match, such as tag=prod,status=running' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l from -d 'Agents listed in this file, one a line; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l expect -d 'Stop unless so many agents are meant: N, A..B, \'<=N\' or \'<=P%\'' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l max-in-flight -d 'So many agents at a time' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l timeout -d 'How long --wait waits; without --wait how long an agent has' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l all-agents -d 'All agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l remove-all-plugins -d 'Make these agents delete all their plugins, until the next push to them'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l wait -d 'Wait until all agents are done'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from push" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show the profile, or what one agent should run'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change the profile, which agents get when they connect the next time; what is not named stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "use-context" -d 'What kubectl calls contexts stands elsewhere'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "push" -d 'Send the configuration to agents now'
complete -c elkctl -n "__fish_elkctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "create" -d 'Create a user'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "list" -d 'List users'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "get" -d 'Show a user'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "set-role" -d 'Set a user\'s role, which ends the user\'s sessions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "role" -d 'Set a user\'s role, which ends the user\'s sessions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "unlock" -d 'Forget the sign-ins of a user that failed, so that the user need not wait'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "delete" -d 'Remove a user with all sessions and tokens'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "totp" -d 'The second factor: codes of an authenticator'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "passwd" -d 'Set a password'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and not __fish_seen_subcommand_from create list get set-role role unlock delete totp passwd help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l role -d 'admin, operator, agent_operator, viewer, alert_operator, risk_operator, duty_operator, hub_operator or hub_viewer; the reference\'s level, 0 to 8; or one of `role create`' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from standard input'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from set-role" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from role" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from unlock" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -f -a "enable" -d 'Ask for a code at each of your sign-ins from now on'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -f -a "disable" -d 'Ask for codes no more'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from totp" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l password-stdin -d 'Read from standard input: the new password; for one\'s own the present one on a line before'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from passwd" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a user'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "list" -d 'List users'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show a user'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "set-role" -d 'Set a user\'s role, which ends the user\'s sessions'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Forget the sign-ins of a user that failed, so that the user need not wait'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Remove a user with all sessions and tokens'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "totp" -d 'The second factor: codes of an authenticator'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "passwd" -d 'Set a password'
complete -c elkctl -n "__fish_elkctl_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -f -a "list" -d 'List roles, the built-in ones first'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -f -a "get" -d 'Show a role'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -f -a "create" -d 'Make a role; what no rule allows is denied'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -f -a "delete" -d 'Remove a role that no user has'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and not __fish_seen_subcommand_from list get create delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l rule -d 'What it allows: ACTION or ACTION:SELECTOR, such as task.* or tag.add:tag=prod' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from help" -f -a "list" -d 'List roles, the built-in ones first'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show a role'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make a role; what no rule allows is denied'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Remove a role that no user has'
complete -c elkctl -n "__fish_elkctl_using_subcommand role; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -f -a "create" -d 'Make a token with your rights or fewer; its secret is shown this once'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -f -a "list" -d 'List your tokens; as an administrator everybody\'s'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -f -a "revoke" -d 'End a token'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l role -d 'The most it may do: a role, or the reference\'s level; whatever you may if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s l -l selector -d 'Let it reach only agents that match this, such as tag=prod' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l expires -d 'End it after this long, such as 30d; it does not end if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make a token with your rights or fewer; its secret is shown this once'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "list" -d 'List your tokens; as an administrator everybody\'s'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'End a token'
complete -c elkctl -n "__fish_elkctl_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -f -a "list" -d 'List your sessions; as an administrator everybody\'s'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -f -a "revoke" -d 'End a session, or all of a user but this one'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and not __fish_seen_subcommand_from list revoke help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l user -d 'End all of this user, but the one that asks' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "list" -d 'List your sessions; as an administrator everybody\'s'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'End a session, or all of a user but this one'
complete -c elkctl -n "__fish_elkctl_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -f -a "list" -d 'List entries, the latest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -f -a "get" -d 'Show one entry'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -f -a "verify" -d 'Find out whether every entry is as it was written; 3 if not'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -f -a "export" -d 'Write the log as JSON lines, the earliest entry first'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and not __fish_seen_subcommand_from list get verify export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l actor -d 'Only of this user' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l action -d 'Only this action, such as user.create, or all of a noun: user.*' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l object -d 'Only about this object' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l outcome -d 'Only with this outcome: begun, ok, refused, failed or unknown' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'Only from then on: a time, or how long ago, such as 1h' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l until -d 'Only before: a time, or how long ago' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l known -d 'A place noted earlier, SEQUENCE:HASH, that has to be in the log still' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l after -d 'Begin after the entry with this number' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "list" -d 'List entries, the latest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show one entry'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Find out whether every entry is as it was written; 3 if not'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write the log as JSON lines, the earliest entry first'
complete -c elkctl -n "__fish_elkctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "list" -d 'List alerts, the newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "get" -d 'Show one alert with what a detection said of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "ack" -d 'Say that you know of alerts'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "resolve" -d 'Say that alerts are over; what happens again is another alert'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "mute" -d 'Mute alerts for some time; they are counted still, and open again afterwards'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "sink" -d 'Where alerts are sent'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "stats" -d 'Count alerts'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and not __fish_seen_subcommand_from list get ack resolve mute sink stats help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l state -d 'Only in this state: open, acked, muted or resolved' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l severity -d 'Only as bad as this: low, medium, high or critical; with a plus sign also what is worse' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l kind -d 'Only of this kind, such as disk_low' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l source -d 'Only from this source: system, hids or virus' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l agent -d 'Only about this agent: its id, a unique prefix, or host=NAME' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l limit -d 'At most so many; 100 if not said' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l cursor -d 'Go on after this place, as told by the page before' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l open -d 'Only those that are open'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l all -d 'All of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from ack" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from resolve" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l reason -d 'Why' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l for -d 'How long, such as 7d' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from mute" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -f -a "list" -d 'List where alerts are sent, and how that goes'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -f -a "add" -d 'Send alerts to one more place from now on; the secret of a webhook is shown this once'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -f -a "remove" -d 'Send no more alerts to a place, nor those that wait'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -f -a "test" -d 'Send a test alert now; 3 if it is not taken'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from sink" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l by -d 'By what: state, severity, kind (or type) and source, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l agent -d 'Only about this agent: its id, a unique prefix, or host=NAME' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l open -d 'Only those that are open'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from stats" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "list" -d 'List alerts, the newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "get" -d 'Show one alert with what a detection said of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "ack" -d 'Say that you know of alerts'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "resolve" -d 'Say that alerts are over; what happens again is another alert'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "mute" -d 'Mute alerts for some time; they are counted still, and open again afterwards'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "sink" -d 'Where alerts are sent'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "stats" -d 'Count alerts'
complete -c elkctl -n "__fish_elkctl_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -f -a "list" -d 'List what happened in the backend, or follow what happens: agents, tasks, alerts and more'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -f -a "tail" -d 'Show records as they arrive'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and not __fish_seen_subcommand_from list tail help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l since -d 'Only from then on: a time, or how long ago, such as 1h' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l type -d 'Only of these types, joined by commas: agent, task, rollout, alert, audit, cluster' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l agent -d 'Only about this agent: its id, a unique prefix, or host=NAME' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l after -d 'Go on behind this event or bookmark' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s w -l watch -d 'Follow what happens; without --since or --after from now on'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l agent -d 'Only this agent\'s: its id, a unique prefix, or host=NAME' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l data-type -d 'Only this type' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l limit -d 'Stop after so many' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l earliest -d 'Begin with the oldest record kept'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from tail" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what happened in the backend, or follow what happens: agents, tasks, alerts and more'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "tail" -d 'Show records as they arrive'
complete -c elkctl -n "__fish_elkctl_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "status" -d 'Show how the backend is'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "backup" -d 'Write the database and the files it names to an archive, while everything runs'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "restore" -d 'Put a backup in place of a stopped Manager\'s database'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "kube" -d 'Clusters of Kubernetes that may post audit events'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l exit-status -d 'End with 3 if something is wrong'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l out -d 'Where to; elk-backup-TIME.tar in the current directory by default' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l force -d 'Replace the file if there is one'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from backup" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l data -d 'Directory of all state of `elkctl up`, or of elk-manager; under XDG data by default' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from restore" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -f -a "list" -d 'List clusters and whether they report'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -f -a "add" -d 'Add a cluster and write the file that its API servers take with --audit-webhook-config-file'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -f -a "certificate" -d 'Issue another certificate for a cluster and write it to a new file; earlier ones stay good'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -f -a "remove" -d 'Remove a cluster: its events are refused from then on'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from kube" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how the backend is'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Write the database and the files it names to an archive, while everything runs'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Put a backup in place of a stopped Manager\'s database'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "kube" -d 'Clusters of Kubernetes that may post audit events'
complete -c elkctl -n "__fish_elkctl_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "status" -d 'Show how the backend is'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "backup" -d 'Write the database and the files it names to an archive, while everything runs'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "restore" -d 'Put a backup in place of a stopped Manager\'s database'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "kube" -d 'Clusters of Kubernetes that may post audit events'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and not __fish_seen_subcommand_from status backup restore kube help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l exit-status -d 'End with 3 if something is wrong'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l out -d 'Where to; elk-backup-TIME.tar in the current directory by default' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l force -d 'Replace the file if there is one'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from backup" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l data -d 'Directory of all state of `elkctl up`, or of elk-manager; under XDG data by default' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from restore" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -f -a "list" -d 'List clusters and whether they report'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -f -a "add" -d 'Add a cluster and write the file that its API servers take with --audit-webhook-config-file'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -f -a "certificate" -d 'Issue another certificate for a cluster and write it to a new file; earlier ones stay good'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -f -a "remove" -d 'Remove a cluster: its events are refused from then on'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from kube" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how the backend is'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Write the database and the files it names to an archive, while everything runs'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Put a backup in place of a stopped Manager\'s database'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from help" -f -a "kube" -d 'Clusters of Kubernetes that may post audit events'
complete -c elkctl -n "__fish_elkctl_using_subcommand cl; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l refresh -d 'How often what is on the screen is asked for' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l theme -d 'auto: the terminal\'s colours; mono: none. Without it, --color and NO_COLOR decide' -r -f -a "auto\t''
mono\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l snapshot -d 'Print one frame of this view as text, and end' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l size -d 'Size of that frame, in columns and lines' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand tui" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l refresh -d 'How often what is on the screen is asked for' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l theme -d 'auto: the terminal\'s colours; mono: none. Without it, --color and NO_COLOR decide' -r -f -a "auto\t''
mono\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l snapshot -d 'Print one frame of this view as text, and end' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l size -d 'Size of that frame, in columns and lines' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand top" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -f -a "elkeid" -d 'Take agents, tags, users, components and policies over from the reference\'s MongoDB'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and not __fish_seen_subcommand_from elkeid help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l mongo-dump -d 'What mongodump wrote, packed or not' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l json -d 'What mongoexport wrote of a collection; may be repeated' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l files -d 'Where the components\' files lie, under any names; versions whose files are not there are left out' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from elkeid" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "elkeid" -d 'Take agents, tags, users, components and policies over from the reference\'s MongoDB'
complete -c elkctl -n "__fish_elkctl_using_subcommand import; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s f -l field -d 'NAME=TEXT: a field of the JSON to send; of the query for GET' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s F -l json-field -d 'NAME=JSON, or NAME=@FILE for the text of a file' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l input -d 'Send this file as it is; - is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l compat-table -d 'List the routes of the reference\'s API and which of them are served; asks no server'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l paginate -d 'Follow next_cursor to the end; each page is a document of its own'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s i -l include -d 'Print the status and the headers first'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand api" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l client -d 'Ask no server'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand version" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand completion" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s c -l context -d 'Use this context' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l server -d 'Call this server' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l token-file -d 'Read the token from this file; `-` is standard input' -r -F
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s o -l output -d 'table, wide, json, jsonl, yaml, csv, name or jsonpath=EXPR' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l columns -d 'Show only these columns in tables and CSV, joined by commas' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l confirm -d 'Confirm a severe change by its token: the agent count or the object\'s name' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l color -d 'Colour the states in tables: auto, always or never' -r -f -a "auto\t'At a terminal that has them'
always\t'Also into files and pipes'
never\t''"
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l request-timeout -d 'How long one call may take, such as 30s' -r
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s q -l quiet -d 'Say only results and errors'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s y -l yes -d 'Answer yes to moderate questions'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l dry-run -d 'Show what a change would send and to how many agents; change nothing'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s v -l verbose -d 'Tell each request and how long it took; twice with headers, without secrets'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l absolute-time -d 'Show times as they are, not as ages'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -l no-input -d 'Never ask'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elkctl -n "__fish_elkctl_using_subcommand __generate" -s V -l version -d 'Print version'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "up" -d 'Run the whole backend in this process'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "login" -d 'Open a session and remember the server'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "logout" -d 'End the session and forget its credential'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "whoami" -d 'Show who is signed in'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "context" -d 'Servers that are known'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "agent" -d 'Agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "tag" -d 'Tags of agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "task" -d 'Orders to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "component" -d 'Binaries that agents run'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "rollout" -d 'Changes that reach agents in steps'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "config" -d 'What agents should run'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "user" -d 'Users'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "role" -d 'Roles: what users may do'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "token" -d 'Tokens for programs'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "session" -d 'Sessions that are open'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "audit" -d 'Who changed what, and who was refused'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "alert" -d 'Alerts: what somebody should look at'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "event" -d 'What happens in the backend, and records of agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "cluster" -d 'The backend itself'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "tui" -d 'The dashboard'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "import" -d 'Take over what another installation knows'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "doctor" -d 'Look for trouble between here and the backend'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "api" -d 'Call any path of the server'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "version" -d 'Show the versions of this program and of the server'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "completion" -d 'Print a completion script'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "__generate" -d 'Write completions and man pages below a directory'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and not __fish_seen_subcommand_from up login logout whoami context agent tag task component rollout config user role token session audit alert event cluster tui import doctor api version completion __generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "list" -d 'List contexts'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "show" -d 'Show a context; the current one if none is named'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "use" -d 'Use a context from now on'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "set" -d 'Make or change a context; what is not said stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "rename" -d 'Give a context another name'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "prompt" -d 'Print what a shell shows of the context before each line; asks no server'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "delete" -d 'Forget a context; its credential goes with `elkctl logout`'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "list" -d 'List agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "get" -d 'Show one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "inspect" -d 'Show everything known of one agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "why" -d 'Say why an agent is offline or did not do what it should'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "status" -d 'Show how the fleet is, or some agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "count" -d 'Count agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "restart" -d 'Restart agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "forget" -d 'Forget agents that are offline'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from tag" -f -a "list" -d 'List tags in use'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from tag" -f -a "add" -d 'Add a tag to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from tag" -f -a "remove" -d 'Take a tag from agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from task" -f -a "create" -d 'Give an order to agents'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from task" -f -a "list" -d 'List tasks, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from task" -f -a "get" -d 'Show a task'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from task" -f -a "results" -d 'Show what became of a task on each agent'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from task" -f -a "cancel" -d 'Cancel what is not yet sent'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from task" -f -a "retry" -d 'Give the same order to agents that it did not succeed on, as a new task'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "create" -d 'Create a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "list" -d 'List components'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "get" -d 'Show a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "publish" -d 'Upload files and publish them as a version, which never changes again'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "block" -d 'Let no profile and no rollout select a version; rollouts that bring it are paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "unblock" -d 'Take the block of a version away; rollouts stay paused'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from component" -f -a "versions" -d 'List the versions of a component'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "create" -d 'Bring a version or the profile to agents in steps'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "list" -d 'List rollouts, newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "status" -d 'Show how far a rollout is'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "agents" -d 'List the agents of a rollout in the order of their turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "pause" -d 'Give no more orders; agents that have theirs go on'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "resume" -d 'Go on where it was paused, or where it halted'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "promote" -d 'End the wait after a step and begin the next'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "abort" -d 'End a rollout; agents stay as they are'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "undo" -d 'Take every agent it touched back to what that agent had before'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "retry" -d 'Give agents that failed another turn'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "get" -d 'Show the profile, or what one agent should run'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "set" -d 'Change the profile, which agents get when they connect the next time; what is not named stays'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "use-context" -d 'What kubectl calls contexts stands elsewhere'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "push" -d 'Send the configuration to agents now'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "create" -d 'Create a user'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "list" -d 'List users'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "get" -d 'Show a user'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "set-role" -d 'Set a user\'s role, which ends the user\'s sessions'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "unlock" -d 'Forget the sign-ins of a user that failed, so that the user need not wait'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "delete" -d 'Remove a user with all sessions and tokens'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "totp" -d 'The second factor: codes of an authenticator'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "passwd" -d 'Set a password'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from role" -f -a "list" -d 'List roles, the built-in ones first'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from role" -f -a "get" -d 'Show a role'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from role" -f -a "create" -d 'Make a role; what no rule allows is denied'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from role" -f -a "delete" -d 'Remove a role that no user has'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "create" -d 'Make a token with your rights or fewer; its secret is shown this once'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "list" -d 'List your tokens; as an administrator everybody\'s'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "revoke" -d 'End a token'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "list" -d 'List your sessions; as an administrator everybody\'s'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "revoke" -d 'End a session, or all of a user but this one'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "list" -d 'List entries, the latest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "get" -d 'Show one entry'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Find out whether every entry is as it was written; 3 if not'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Write the log as JSON lines, the earliest entry first'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "list" -d 'List alerts, the newest first'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "get" -d 'Show one alert with what a detection said of it'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "ack" -d 'Say that you know of alerts'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "resolve" -d 'Say that alerts are over; what happens again is another alert'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "mute" -d 'Mute alerts for some time; they are counted still, and open again afterwards'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "sink" -d 'Where alerts are sent'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "stats" -d 'Count alerts'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "list" -d 'List what happened in the backend, or follow what happens: agents, tasks, alerts and more'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "tail" -d 'Show records as they arrive'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from cluster" -f -a "status" -d 'Show how the backend is'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from cluster" -f -a "backup" -d 'Write the database and the files it names to an archive, while everything runs'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from cluster" -f -a "restore" -d 'Put a backup in place of a stopped Manager\'s database'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from cluster" -f -a "kube" -d 'Clusters of Kubernetes that may post audit events'
complete -c elkctl -n "__fish_elkctl_using_subcommand help; and __fish_seen_subcommand_from import" -f -a "elkeid" -d 'Take agents, tags, users, components and policies over from the reference\'s MongoDB'
