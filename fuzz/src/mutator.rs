//! New inputs from old ones.

use crate::dice::Dice;

/// No input grows beyond.
const MAX_LEN: usize = 16 << 10;
const MAX_STEPS: usize = 8;
const NUMBERS: [u64; 14] = [
    0,
    1,
    2,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
];

/// How a number is written.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Varint,
    Little(usize),
    Big(usize),
}

const SHAPES: [Shape; 10] = [
    Shape::Varint,
    Shape::Varint,
    Shape::Varint,
    Shape::Little(1),
    Shape::Little(2),
    Shape::Little(3),
    Shape::Little(4),
    Shape::Little(8),
    Shape::Big(2),
    Shape::Big(4),
];

/// Makes inputs from a corpus and the words of a target's language.
#[derive(Clone, Copy, Debug)]
pub struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    words: &'a [&'a [u8]],
}

impl<'a> Mutator<'a> {
    /// Creates one.
    pub fn new(corpus: &'a [Vec<u8>], words: &'a [&'a [u8]]) -> Self {
        Self { corpus, words }
    }

    /// Returns input `number` under `seed`: first the corpus as it is, then what comes of it.
    pub fn case(&self, seed: u64, number: u64) -> Vec<u8> {
        let whole = usize::try_from(number).ok().and_then(|it| self.corpus.get(it));
        if let Some(whole) = whole {
            return whole.clone();
        }
        let mut dice = Dice::new(seed, number);
        let mut input = self.base(&mut dice);
        let mut steps = 1 + dice.below(3);
        while steps < MAX_STEPS && dice.once_in(2) {
            steps += 1;
        }
        for _ in 0..steps {
            self.step(&mut input, &mut dice);
        }
        input.truncate(MAX_LEN);
        input
    }

    fn base(&self, dice: &mut Dice) -> Vec<u8> {
        match dice.below(16) {
            0 => (0..dice.below(96)).map(|_| dice.byte()).collect(),
            1 | 2 if !self.words.is_empty() => {
                let count = 1 + dice.below(24);
                (0..count)
                    .filter_map(|_| dice.pick(self.words))
                    .flat_map(|it| it.to_vec())
                    .collect()
            }
            _ => dice.pick(self.corpus).cloned().unwrap_or_default(),
        }
    }

    fn step(&self, input: &mut Vec<u8>, dice: &mut Dice) {
        let at = dice.below(input.len() + 1);
        match dice.below(12) {
            0 | 1 => flip(input, dice),
            2 => set(input, at, dice.byte()),
            3 => input.truncate(at),
            4 => {
                let end = at + dice.below(input.len() - at + 1).min(1 + dice.below(32));
                drop(input.drain(at..end));
            }
            5 => repeat(input, at, dice),
            6 | 7 => self.word(input, at, dice),
            8 => self.splice(input, at, dice),
            9 => exchange(input, dice),
            _ => renumber(input, at, dice),
        }
    }

    /// Puts a word into the input or over a part of it.
    fn word(&self, input: &mut Vec<u8>, at: usize, dice: &mut Dice) {
        let Some(word) = dice.pick(self.words) else { return flip(input, dice) };
        let end = if dice.once_in(2) { at } else { input.len().min(at + word.len()) };
        drop(input.splice(at..end, word.iter().copied()));
    }

    /// Puts a piece of another input here, or goes on as that does.
    fn splice(&self, input: &mut Vec<u8>, at: usize, dice: &mut Dice) {
        let Some(other) = dice.pick(self.corpus) else { return };
        let from = dice.below(other.len() + 1);
        let piece = other.get(from..).unwrap_or_default();
        if dice.once_in(2) {
            input.truncate(at);
            input.extend_from_slice(piece);
        } else {
            let piece = piece.get(..dice.below(piece.len() + 1)).unwrap_or_default();
            drop(input.splice(at..at, piece.iter().copied()));
        }
    }
}

fn set(input: &mut [u8], at: usize, byte: u8) {
    if let Some(place) = input.get_mut(at) {
        *place = byte;
    }
}

fn flip(input: &mut [u8], dice: &mut Dice) {
    let at = dice.below(input.len());
    if let Some(place) = input.get_mut(at) {
        *place ^= 1 << dice.below(8);
    }
}

fn repeat(input: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let end = input.len().min(at + 1 + dice.below(48));
    let piece = input.get(at..end).unwrap_or_default().to_vec();
    let times = if dice.once_in(8) { dice.below(64) } else { 1 };
    let piece = piece.repeat(times);
    drop(input.splice(at..at, piece));
}

fn exchange(input: &mut [u8], dice: &mut Dice) {
    let (a, b) = (dice.below(input.len()), dice.below(input.len()));
    if a < input.len() && b < input.len() {
        input.swap(a, b);
    }
}

/// Changes what may be a length: to one more or less, to what is left, to a bound, to anything.
fn renumber(input: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let Some(shape) = dice.pick(&SHAPES) else { return };
    let Some((value, size)) = shape.read(input.get(at..).unwrap_or_default()) else { return };
    let left = (input.len() - at - size) as u64;
    let value = match dice.below(8) {
        0 => value.wrapping_add(1),
        1 => value.wrapping_sub(1),
        2 => value.wrapping_mul(2),
        3 => left,
        4 => left.wrapping_sub(1),
        5 => left.wrapping_add(1),
        6 => dice.next() >> dice.below(64),
        _ => dice.pick(&NUMBERS).copied().unwrap_or_default(),
    };
    drop(input.splice(at..at + size, shape.write(value)));
}

fn folded<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    bytes.fold(0, |value, byte| value << 8 | u64::from(*byte))
}

impl Shape {
    /// Returns the number at the front and how many bytes it has.
    fn read(self, bytes: &[u8]) -> Option<(u64, usize)> {
        match self {
            Self::Varint => {
                let mut value = 0_u64;
                for (byte, at) in bytes.iter().zip(0..10) {
                    value |= u64::from(byte & 0x7f) << (7 * at);
                    if byte & 0x80 == 0 {
                        return Some((value, at + 1));
                    }
                }
                None
            }
            Self::Little(size) => Some((folded(bytes.get(..size)?.iter().rev()), size)),
            Self::Big(size) => Some((folded(bytes.get(..size)?.iter()), size)),
        }
    }

    fn write(self, value: u64) -> Vec<u8> {
        match self {
            Self::Varint => crate::encode::varint(value),
            Self::Little(size) => value.to_le_bytes().into_iter().take(size).collect(),
            Self::Big(size) => value.to_be_bytes().into_iter().skip(8 - size).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_the_same_whenever_it_is_made_and_the_corpus_comes_first() {
        let corpus = vec![b"one".to_vec(), b"another".to_vec()];
        let words: [&[u8]; 2] = [b"tag=", b","];
        let mutator = Mutator::new(&corpus, &words);
        assert_eq!(
            [mutator.case(7, 0), mutator.case(7, 1)],
            [corpus[0].clone(), corpus[1].clone()]
        );
        let cases: Vec<_> = (2..2_000).map(|number| mutator.case(7, number)).collect();
        let again: Vec<_> = (2..2_000).map(|number| mutator.case(7, number)).collect();
        assert_eq!(cases, again);
        let other: Vec<_> = (2..2_000).map(|number| mutator.case(8, number)).collect();
        assert_ne!(cases, other);
        let mut distinct = cases;
        distinct.sort();
        distinct.dedup();
        assert!(distinct.len() > 1_500, "{}", distinct.len());
        assert!(distinct.iter().all(|it| it.len() <= MAX_LEN));
    }

    #[test]
    fn numbers_are_read_and_written_in_every_shape() {
        for shape in SHAPES {
            for value in [0, 1, 0x7f] {
                let bytes = shape.write(value);
                assert_eq!(shape.read(&bytes), Some((value, bytes.len())), "{shape:?}");
            }
        }
        assert_eq!(Shape::Big(2).write(0x1234), [0x12, 0x34]);
        assert_eq!(Shape::Little(3).write(0x0012_3456), [0x56, 0x34, 0x12]);
        assert_eq!(Shape::Varint.read(&[0xff; 12]), None);
    }

    #[test]
    fn nothing_to_start_from_still_gives_inputs() {
        let mutator = Mutator::new(&[], &[]);
        assert!((0..500).any(|number| !mutator.case(1, number).is_empty()));
    }
}
