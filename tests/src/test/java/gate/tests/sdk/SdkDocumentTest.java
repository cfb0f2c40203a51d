// SPDX-License-Identifier: Apache-2.0
package gate.tests.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import gate.tests.tidy.Repository;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The programs in docs/sdk.md are those that are built and run.
final class SdkDocumentTest {
    private static final String LICENSE = "// SPDX-License-Identifier: Apache-2.0\n";

    @ParameterizedTest
    @EnumSource
    void smallestProgramStandsInTheDocumentAsItIsBuilt(SdkLanguage language) {
        String source = Repository.text(language.helloSource());
        assertThat(source).startsWith(LICENSE);
        String shown = source.substring(LICENSE.length()).strip();
        assertThat(Repository.text("docs/sdk.md")).contains("\n" + shown + "\n```\n");
    }
}
