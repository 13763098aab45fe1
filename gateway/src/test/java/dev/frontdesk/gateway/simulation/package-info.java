// SPDX-License-Identifier: Apache-2.0
/** The whole gateway on the store in memory and virtual time, driven and disturbed by a seed. */
@NullMarked
package dev.frontdesk.gateway.simulation;

import org.jspecify.annotations.NullMarked;
