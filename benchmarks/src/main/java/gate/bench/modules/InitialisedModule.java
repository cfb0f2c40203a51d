// SPDX-License-Identifier: Apache-2.0
package gate.bench.modules;

/// Modules whose instantiation takes long.
public final class InitialisedModule {
    private static final int PAGE_BYTES = 65_536;

    private InitialisedModule() {}

    /// One active data segment of so many bytes.
    public static byte[] withData(int bytes) {
        ModuleBytes content = new ModuleBytes();
        for (int i = 0; i < bytes; i++) {
            content.raw(i >> 4 & 0xFF);
        }
        ModuleBytes module = ModuleBytes.module();
        module.section(5, new ModuleBytes().raw(1, 0).unsigned((bytes + PAGE_BYTES - 1) / PAGE_BYTES));
        module.section(11, new ModuleBytes().raw(1, 0, 0x41, 0, 0x0B).sized(content));
        return module.toArray();
    }

    /// One active element segment of so many references.
    public static byte[] withElements(int count) {
        ModuleBytes references = new ModuleBytes().unsigned(count);
        for (int i = 0; i < count; i++) {
            references.raw(0);
        }
        ModuleBytes module = ModuleBytes.module();
        module.section(1, new ModuleBytes().raw(1, 0x60, 0, 0));
        module.section(3, new ModuleBytes().raw(1, 0));
        module.section(4, new ModuleBytes().raw(1, 0x70, 0).unsigned(count));
        module.section(9, new ModuleBytes().raw(1, 0, 0x41, 0, 0x0B).add(references));
        module.section(10, new ModuleBytes().raw(1, 2, 0, 0x0B));
        return module.toArray();
    }
}
