// SPDX-License-Identifier: Apache-2.0
/** Load, crash and footprint runs against real processes, each ending with a ledger. */
@NullMarked
package dev.frontdesk.load;

import org.jspecify.annotations.NullMarked;
