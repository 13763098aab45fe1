// SPDX-License-Identifier: Apache-2.0
/** Half an hour of load with faults now and then, and whether anything grows meanwhile. */
@NullMarked
package dev.frontdesk.load.soak;

import org.jspecify.annotations.NullMarked;
