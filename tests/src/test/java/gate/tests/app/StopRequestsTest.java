// SPDX-License-Identifier: Apache-2.0
package gate.tests.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import gate.app.command.StopReason;
import gate.app.command.StopRequests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Signals and timers against a guest.
final class StopRequestsTest {
    private final List<String> done = new ArrayList<>();
    private final StopRequests requests = new StopRequests(() -> done.add("suspend"), () -> done.add("kill"));

    @ParameterizedTest
    @EnumSource
    void everyReasonSuspends(StopReason reason) {
        requests.request(reason);
        assertThat(done).containsExactly("suspend");
        assertThat(requests.reason()).isEqualTo(reason);
        assertThat(requests.isStopping()).isTrue();
    }

    @Test
    void aSecondInterruptKills() {
        requests.request(StopReason.INTERRUPT);
        requests.request(StopReason.INTERRUPT);
        assertThat(done).containsExactly("suspend", "kill");
    }

    @Test
    void anInterruptWhileATimerSavesIsOnlyTheFirst() {
        requests.request(StopReason.AFTER);
        requests.request(StopReason.INTERRUPT);
        assertThat(done).containsExactly("suspend");
        requests.request(StopReason.INTERRUPT);
        assertThat(done).containsExactly("suspend", "kill");
    }

    @Test
    void otherReasonsTwiceDoNotKill() {
        requests.request(StopReason.TERMINATE);
        requests.request(StopReason.TERMINATE);
        requests.request(StopReason.TIMEOUT);
        assertThat(done).containsExactly("suspend");
    }

    @Test
    void goingOnForgetsTheInterrupt() {
        requests.request(StopReason.INTERRUPT);
        requests.goOn(StopReason.INTERRUPT);
        assertThat(requests.isStopping()).isFalse();
        requests.request(StopReason.INTERRUPT);
        assertThat(done).containsExactly("suspend", "suspend");
    }

    @Test
    void whatCameDuringTheQuestionStopsAgain() {
        requests.request(StopReason.INTERRUPT);
        requests.request(StopReason.TIMEOUT);
        requests.goOn(StopReason.INTERRUPT);
        assertThat(done).containsExactly("suspend", "suspend");
        assertThat(requests.reason()).isEqualTo(StopReason.TIMEOUT);
    }

    @Test
    void whatEndsTheProcessComesBeforeWhatAsks() {
        requests.request(StopReason.INTERRUPT);
        requests.request(StopReason.TERMINATE);
        assertThat(requests.reason()).isEqualTo(StopReason.TERMINATE);
    }

    @Test
    void sigtermEndsAQuestionAlsoIfItCameBefore() {
        requests.request(StopReason.INTERRUPT);
        requests.onTerminate(() -> done.add("told"));
        requests.request(StopReason.TIMEOUT);
        assertThat(done).containsExactly("suspend");
        requests.request(StopReason.TERMINATE);
        assertThat(done).containsExactly("suspend", "told");
        requests.onTerminate(() -> done.add("told again"));
        assertThat(done).containsExactly("suspend", "told", "told again");
    }

    @Test
    void aQuestionThatWasAnsweredIsNotToldOfSigterm() {
        requests.request(StopReason.INTERRUPT);
        requests.onTerminate(() -> done.add("told"));
        requests.goOn(StopReason.INTERRUPT);
        requests.request(StopReason.TERMINATE);
        assertThat(done).containsExactly("suspend", "suspend");
    }

    @Test
    void aHangupEndsAQuestionToo() {
        requests.request(StopReason.INTERRUPT);
        requests.onTerminate(() -> done.add("told"));
        requests.request(StopReason.HANG_UP);
        assertThat(done).containsExactly("suspend", "told");
        assertThat(requests.reason()).isEqualTo(StopReason.HANG_UP);
    }

    @Test
    void goingOnForgetsWhatWasAskedAbout() {
        requests.request(StopReason.AFTER);
        requests.request(StopReason.INTERRUPT);
        requests.goOn(StopReason.AFTER);
        assertThat(requests.isStopping()).isFalse();
        assertThat(done).containsExactly("suspend");
    }

    @Test
    void withoutARequestThereIsNoReason() {
        assertThatIllegalStateException().isThrownBy(requests::reason);
    }
}
