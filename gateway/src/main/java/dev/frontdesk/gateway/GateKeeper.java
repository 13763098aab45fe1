// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.gateway.intake.IntakeGate;
import dev.frontdesk.gateway.store.StoreAlarms;

/** Closes intake while the disk is nearly full. The store itself refuses under quarantine. */
record GateKeeper(IntakeGate gate) implements StoreAlarms {
  @Override
  public void diskLow(boolean low, long freeBytes) {
    if (low) {
      gate.close("disk-full");
    } else {
      gate.open("disk-full");
    }
  }
}
