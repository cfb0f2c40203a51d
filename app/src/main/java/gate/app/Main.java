// SPDX-License-Identifier: Apache-2.0
package gate.app;

/// The launcher.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("gate");
    }
}
