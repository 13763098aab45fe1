// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGHUP does from the first moment on. One that comes while the gateway starts would end the
 * process if nobody took it; it is kept, and the reload follows the start. Thread-safe.
 *
 * <pre>
 * starting ──SIGHUP──▶ asked for ──started──▶ reload
 *     └──────────started──────────▶ reloading ──SIGHUP──▶ reload
 * </pre>
 */
public final class HangUp implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

  private final AtomicBoolean askedFor = new AtomicBoolean();
  private volatile @Nullable Runnable reload;

  /** A SIGHUP came. */
  @Override
  public void run() {
    if (reload == null && !askedFor.get()) {
      LOG.atInfo().log("The configuration is read again when the gateway has started");
    }
    askedFor.set(true);
    reloadIfAsked(); // it may have started meanwhile
  }

  /** The gateway has started: from now on a SIGHUP is this; one that came before is it now. */
  public void started(Runnable reloading) {
    reload = reloading;
    reloadIfAsked();
  }

  private void reloadIfAsked() {
    Runnable known = reload;
    if (known != null && askedFor.compareAndSet(true, false)) {
      known.run();
    }
  }
}
