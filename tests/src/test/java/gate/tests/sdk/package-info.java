// SPDX-License-Identifier: Apache-2.0
/// The SDKs for programs, through the examples that are written with them: [SdkExamplesIT] runs them all under the real
/// command, [SdkDocumentTest] holds the documentation to them. Nothing of an SDK is tested in a process of ours, as it
/// is
/// made for programs only.
@NullMarked
package gate.tests.sdk;

import org.jspecify.annotations.NullMarked;
