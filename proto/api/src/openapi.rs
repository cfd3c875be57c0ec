//! The description of the native API.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::{Content, Operation, Permission, Problem, operations};

/// Returns the description of the native API (OpenAPI 3.1), folded from [`operations`].
pub fn openapi() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let described = describe(&operation, &problem, &mut generator);
        let path = paths.entry(operation.route).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(operation.method.as_str().to_lowercase(), described);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Elk Manager",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "token": { "type": "apiKey", "in": "header", "name": crate::session::TOKEN_HEADER },
            },
        },
    })
}

fn describe(operation: &Operation, problem: &schemars::Schema, g: &mut SchemaGenerator) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.id.split('.').next()],
        "parameters": parameters(operation, g),
        "responses": {
            "200": {
                "description": "done",
                "content": { media(operation.reply): { "schema": (operation.reply_schema)(g) } },
            },
            "default": {
                "description": "failed",
                "content": { "application/problem+json": { "schema": problem } },
            },
        },
        "x-permission": operation.needs,
    });
    if operation.needs != Permission::Anyone {
        described["security"] = json!([{ "token": [] }]);
    }
    if let Some(body) = operation.body_schema {
        let schema = match operation.body {
            Content::Octets => json!({ "type": "string", "format": "binary" }),
            Content::Json | Content::Lines | Content::Events => json!(body(g)),
        };
        described["requestBody"] =
            json!({ "required": true, "content": { media(operation.body): { "schema": schema } } });
    }
    described
}

fn media(content: Content) -> &'static str {
    match content {
        Content::Json => "application/json",
        Content::Octets => "application/octet-stream",
        Content::Lines => "application/x-ndjson",
        Content::Events => "text/event-stream",
    }
}

fn parameters(operation: &Operation, g: &mut SchemaGenerator) -> Vec<Value> {
    let holes =
        operation.route.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = holes
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let reference = json!((operation.query_schema)(g));
    let name = reference["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let schema = name.and_then(|name| g.definitions().get(name)).cloned().unwrap_or(reference);
    let fields = schema["properties"].as_object().into_iter().flatten();
    parameters.extend(fields.map(|(name, schema)| {
        json!({ "name": name, "in": "query", "required": false, "schema": schema })
    }));
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_described_with_its_parameters() {
        let document = openapi();
        for operation in operations() {
            let method = operation.method.as_str().to_lowercase();
            let described = &document["paths"][operation.route][&method];
            assert_eq!(described["operationId"], operation.id, "{}", operation.route);
        }
        let list = &document["paths"]["/api/n1/agents"]["get"]["parameters"];
        let names: Vec<_> = list.as_array().unwrap().iter().map(|p| &p["name"]).collect();
        assert_eq!(names, ["cursor", "limit", "reverse", "selector", "sort"]);
        assert!(document["components"]["schemas"]["Agent"]["properties"]["hostname"].is_object());
    }

    #[test]
    fn the_document_in_the_repository_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let document = openapi();
        if std::env::var_os("ELK_BLESS").is_some() {
            let text = serde_json::to_string_pretty(&document).expect("JSON") + "\n";
            std::fs::write(path, text).expect("writes");
        }
        let present = std::fs::read_to_string(path).unwrap_or_default();
        let present: Value = serde_json::from_str(&present).unwrap_or_default();
        assert!(present == document, "{path} is stale: run this test with ELK_BLESS=1");
    }

    #[test]
    fn a_misspelt_field_of_a_query_or_a_body_is_refused() {
        let nothing = json!(SchemaGenerator::default().subschema_for::<crate::Nothing>());
        let mut open = Vec::new();
        for operation in operations() {
            let body = operation.body_schema.filter(|_| operation.body == Content::Json);
            for schema in body.into_iter().chain([operation.query_schema]) {
                let mut generator = SchemaGenerator::default();
                let reference = json!(schema(&mut generator));
                let name = reference["$ref"].as_str().and_then(|path| path.rsplit('/').next());
                let shape = name.and_then(|name| generator.definitions().get(name));
                let shape = shape.unwrap_or(&reference);
                if reference != nothing && shape["additionalProperties"] != false {
                    open.push(format!("{}: {name:?}", operation.id));
                }
            }
        }
        assert!(open.is_empty(), "{open:#?}");
    }
}
