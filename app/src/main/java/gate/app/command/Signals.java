// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;

/// Turns the process's signals, and time, into [StopRequests].
final class Signals {
    private Signals() {}

    /// From now on Ctrl-C and SIGTERM stop the guest, and not the process.
    ///
    /// `sun.misc.Signal` is supported (JEP 260), and nothing else in the JDK lets a program go on after a
    /// signal. The compiler warns of it in a way that can't be switched off, and warnings are errors here: so,
    /// reflection.
    static void handle(StopRequests requests) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Constructor<?> byName = signal.getConstructor(String.class);
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, byName.newInstance("INT"), requesting(StopReason.INTERRUPT, requests, handler));
            handle.invoke(null, byName.newInstance("TERM"), requesting(StopReason.TERMINATE, requests, handler));
        } catch (InvocationTargetException e) {
            // Started with -Xrs, or ignored since before our start (nohup): whoever did that wants it so.
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("signals can't be handled", e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal", e);
        }
    }

    private static Object requesting(StopReason reason, StopRequests requests, Class<?> handler) {
        InvocationHandler action = (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
                requests.request(reason);
            }
            return null;
        };
        return Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, action);
    }

    /// Asks for a stop when a time has passed. The thread ends with the process.
    static void after(Duration time, StopReason reason, StopRequests requests) {
        Thread.ofPlatform().daemon().name("timer-" + reason).start(() -> {
            try {
                Thread.sleep(time);
                requests.request(reason);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
