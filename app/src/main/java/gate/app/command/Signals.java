// SPDX-License-Identifier: Apache-2.0
package gate.app.command;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// Turns the process's signals, and time, into [StopRequests], until it is closed.
final class Signals implements AutoCloseable {
    private final StopRequests requests;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    private Signals(StopRequests requests) {
        this.requests = requests;
    }

    /// From now on Ctrl-C, SIGTERM and SIGHUP stop the guest, and not the process.
    ///
    /// `sun.misc.Signal` is supported (JEP 260), and nothing else in the JDK lets a program go on after a
    /// signal. The compiler warns of it in a way that can't be switched off, and warnings are errors here: so,
    /// reflection.
    static Signals handle(StopRequests requests) {
        Signals signals = new Signals(requests);
        signals.handle("INT", StopReason.INTERRUPT);
        signals.handle("TERM", StopReason.TERMINATE);
        signals.handle("HUP", StopReason.HANG_UP);
        return signals;
    }

    private void handle(String name, StopReason reason) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Constructor<?> byName = type.getConstructor(String.class);
            Method handle = type.getMethod("handle", type, handlerType);
            Object signal = byName.newInstance(name);
            InvocationHandler action = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    requests.request(reason);
                }
                return null;
            };
            Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, action);
            Object before = handle.invoke(null, signal, handler);
            undo.push(() -> {
                try {
                    handle.invoke(null, signal, before);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("a signal's handler can't be set back", e);
                }
            });
        } catch (InvocationTargetException e) {
            // Started with -Xrs, or ignored since before our start (nohup): whoever did that wants it so.
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("signals can't be handled", e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal", e);
        }
    }

    /// Asks for a stop when a time has passed.
    void after(Duration time, StopReason reason) {
        Thread timer = Thread.ofPlatform().daemon().name("timer-" + reason).start(() -> {
            try {
                Thread.sleep(time);
                requests.request(reason);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed: nobody is interested any more
            }
        });
        undo.push(timer::interrupt);
    }

    /// Gives signals back to whoever had them before, and forgets timers.
    @Override
    public void close() {
        undo.forEach(Runnable::run);
    }
}
