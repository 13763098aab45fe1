// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.cli.Signals;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code demo}: a gateway with everybody around it, until Ctrl-C; ends with the ledger line. */
@Command(
    name = "demo",
    header = "Plays a whole day of customers, a bot and agents against a gateway of its own.",
    description = {
      "Starts a gateway with an embedded Redis in a temporary folder, plays platforms, customers,",
      "a bot and three agents over public sockets, shows the queue live, and accounts for all."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

  private final ConfigLoader loader;
  private final InstantSource clock;
  private final PrintWriter out;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Time.class,
      description = "How long customers write: 30s, 5m; by default until Ctrl-C.")
  private @Nullable Duration length;

  public DemoCommand(ConfigLoader loader, InstantSource clock, PrintWriter out) {
    this.loader = loader;
    this.clock = clock;
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    out.println("frontdesk demo: starting a gateway, platforms, a bot, customers and agents");
    CountDownLatch interrupted = new CountDownLatch(1);
    for (String signal : new String[] {"INT", "TERM", "HUP"}) {
      if (!Signals.on(signal, interrupted::countDown)) {
        out.println("frontdesk demo: SIG" + signal + " cannot be handled here");
      }
    }
    return new Demo(loader, clock, out).play(length, interrupted) ? 0 : 1;
  }

  /** {@code 30s}, {@code 5m}, {@code 1h}. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        Duration length = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        if (!length.isZero() && !length.isNegative()) {
          return length;
        }
      } catch (DateTimeParseException e) {
        // told below
      }
      throw new TypeConversionException("'" + text + "' is no time, expected 30s, 5m or 1h");
    }
  }
}
