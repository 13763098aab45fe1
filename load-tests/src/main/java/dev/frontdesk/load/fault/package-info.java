// SPDX-License-Identifier: Apache-2.0
/** The fault runner: rows of the catalogue of faults, each run against real processes. */
@NullMarked
package dev.frontdesk.load.fault;

import org.jspecify.annotations.NullMarked;
