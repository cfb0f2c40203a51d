// SPDX-License-Identifier: Apache-2.0
package gate.tests.sdk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gate.tests.tidy.Repository;
import java.nio.file.Files;
import java.nio.file.Path;

/// A language that there is an SDK for, and where its examples are.
enum SdkLanguage {
    C("C", "examples/sdk-c/%s.wasm", "examples/build c, with clang 14", "examples/sdk-c/hello.c"),
    GO("Go", "target/examples/go-%s.wasm", "examples/build go, with Go 1.25", "examples/sdk-go/hello/main.go"),
    RUST(
            "Rust",
            "target/examples/rust-%s.wasm",
            "examples/build rust, with rustc and libstd-rust-dev-wasm32",
            "examples/sdk-rust/hello.rs"),
    JAVA(
            "Java",
            "target/examples/java-%s.wasm",
            "examples/build java, with a JDK 17",
            "examples/sdk-java/src/main/java/gate/examples/Hello.java");

    private final String shown;
    private final String place;
    private final String recipe;
    private final String hello;

    SdkLanguage(String shown, String place, String recipe, String hello) {
        this.shown = shown;
        this.place = place;
        this.recipe = recipe;
        this.hello = hello;
    }

    /// As it is written, and as its example says it.
    String shown() {
        return shown;
    }

    /// The source of the smallest program, in the checkout.
    String helloSource() {
        return hello;
    }

    /// One of the four examples. Skips the test where it wasn't built.
    String example(String name) {
        Path file = Repository.root().resolve(place.formatted(name));
        boolean there = Files.isRegularFile(file);
        if (!there) {
            System.out.println(
                    "SKIPPED: the SDK for " + shown + " - there is no " + place.formatted("*") + " - " + recipe);
        }
        assumeTrue(there);
        return file.toString();
    }
}
