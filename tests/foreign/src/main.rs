// SPDX-License-Identifier: Apache-2.0

//! Writes modules that `wasm-smith` makes of seeded bytes: `foreign FOLDER FIRST COUNT` makes `FOLDER/SEED.wasm` for
//! `COUNT` seeds. What the engine doesn't have is switched off, and everything is exported, also the global that
//! bounds how long a module runs, as `gate-fuel`. A seed of which no module can be made gives no file.

mod rewrite;

use arbitrary::Unstructured;
use rewrite::rewrite;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasm_smith::{Config, MemoryOffsetChoices, Module};

const FUEL: u32 = 500;
const PAGES_MAX: u64 = 3;

/// Steele and others, "Fast Splittable Pseudorandom Number Generators" (2014), figure 18.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn rarely(&mut self, odds: usize) -> bool {
        self.below(odds) == 0
    }
}

/// What modules may have differs from seed to seed: some do much of little, some little of much.
fn config(random: &mut SplitMix) -> Config {
    Config {
        // Features that the engine doesn't have.
        compact_imports_enabled: false,
        custom_descriptors_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        // So that engines do the same: NaNs, and what there is memory for.
        canonicalize_nans: true,
        max_memory32_bytes: PAGES_MAX << 16,
        memory_max_size_required: true,
        max_table_elements: 1 + random.below(600) as u64,
        table_max_size_required: true,
        // So that everything can be seen.
        export_everything: true,
        min_funcs: 2 + random.below(8),
        // Variety.
        allow_floats: !random.rarely(4),
        disallow_traps: !random.rarely(3),
        generate_custom_sections: random.rarely(4),
        max_data_segments: random.below(12),
        max_element_segments: random.below(12),
        max_funcs: 10 + random.below(20),
        max_globals: 4 + random.below(20),
        max_imports: if random.rarely(2) { 0 } else { 12 },
        max_instructions: 20 + random.below(400),
        max_memories: 3,
        max_tables: 3,
        max_types: 4 + random.below(24),
        min_globals: random.below(4),
        min_memories: random.below(3) as u32,
        min_tables: random.below(3) as u32,
        min_types: random.below(4),
        memory_offset_choices: MemoryOffsetChoices(80, 18, 2),
        min_uleb_size: if random.rarely(6) { 1 + random.below(5) as u8 } else { 1 },
        ..Config::default()
    }
}

fn module(seed: u64) -> Option<Vec<u8>> {
    let mut random = SplitMix(seed);
    let config = config(&mut random);
    let words = 128 << random.below(6);
    let bytes: Vec<u8> = (0..words).flat_map(|_| random.next().to_le_bytes()).collect();
    let mut module = Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    let fuel = module.ensure_termination(FUEL).ok()?;
    Some(rewrite(&module.to_bytes(), fuel))
}

// ---- command line ----

fn write(folder: &Path, first: u64, count: u64) -> std::io::Result<()> {
    for seed in first..first.saturating_add(count) {
        if let Some(bytes) = module(seed) {
            std::fs::write(folder.join(format!("{seed}.wasm")), bytes)?;
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, first, count] = arguments.as_slice() else {
        eprintln!("Usage: foreign FOLDER FIRST COUNT");
        return ExitCode::from(64);
    };
    let (Ok(first), Ok(count)) = (first.parse(), count.parse()) else {
        eprintln!("foreign: FIRST and COUNT are numbers");
        return ExitCode::from(64);
    };
    match write(&PathBuf::from(folder), first, count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("foreign: {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
