// SPDX-License-Identifier: Apache-2.0
/** The store in memory and the time it runs on, for simulation and unit tests. */
@NullMarked
package dev.frontdesk.gateway.store.memory;

import org.jspecify.annotations.NullMarked;
