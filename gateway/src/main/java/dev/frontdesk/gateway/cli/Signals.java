// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * The process's signals. The JDK has no supported way to handle one; its {@code sun.misc.Signal} is
 * exported by {@code jdk.unsupported} but refused by {@code -Werror}, hence by reflection.
 */
public final class Signals {

  private Signals() {}

  /**
   * Runs {@code action} on a thread of the JVM's each time the signal comes, instead of what the
   * JVM does by itself.
   *
   * @param name without SIG: {@code HUP}, {@code TERM}
   * @return false where the platform does not have this signal; then nothing changes
   */
  public static boolean on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "handle" -> action.run();
                  case "hashCode" -> {
                    return System.identityHashCode(proxy);
                  }
                  case "equals" -> {
                    return proxy == arguments[0];
                  }
                  default -> {
                    return "on " + name;
                  }
                }
                return null;
              });
      Object named = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, named, handling);
      return true;
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      return false;
    }
  }
}
