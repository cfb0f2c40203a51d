// SPDX-License-Identifier: Apache-2.0
package gate.server.grpc;

import gate.server.service.ServiceFailure;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// What failed calls mean to programs and to operators. What a process says about it is for the
/// operator's log, not for programs.
final class Faults {
    private static final System.Logger LOGGER = System.getLogger(Faults.class.getName());

    private Faults() {}

    /// The failure of a program's call of a service, which is logged.
    static ServiceFailure of(String service, String call, Status status) {
        String text = "service " + service
                + switch (status.getCode()) {
                    case UNAVAILABLE, CANCELLED -> " was lost";
                    case DEADLINE_EXCEEDED -> " doesn't answer";
                    case RESOURCE_EXHAUSTED -> " answered with too much";
                    default -> " failed";
                };
        LOGGER.log(System.Logger.Level.WARNING, text + ": " + call + ": " + explained(status));
        return new ServiceFailure(text);
    }

    /// A broken answer, which is logged.
    static ServiceFailure broken(String service, String what) {
        String text = "service " + service + " " + what;
        LOGGER.log(System.Logger.Level.WARNING, text);
        return new ServiceFailure(text);
    }

    /// A mistake of our own, which is logged.
    static ServiceFailure ours(String service, Throwable mistake) {
        LOGGER.log(System.Logger.Level.ERROR, "service " + service, mistake);
        return new ServiceFailure("service " + service + " failed", mistake);
    }

    /// For operators: what it was, and why.
    static String explained(Status status) {
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(status.getDescription());
        }
        Throwable cause = status.getCause();
        Throwable root = null;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            root = cause;
            cause = cause.getCause();
        }
        if (root != null) {
            text.append(": ").append(root.getMessage());
        }
        return shown(text.toString());
    }

    /// A text of somebody else's, on one line and not too long.
    static String shown(@Nullable String text) {
        String all = String.valueOf(text);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(all.length(), GrpcLimits.TEXT_MAX); i++) {
            char c = all.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return all.length() > GrpcLimits.TEXT_MAX ? shown.append('…').toString() : shown.toString();
    }
}
