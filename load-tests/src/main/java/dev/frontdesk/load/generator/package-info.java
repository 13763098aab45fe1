// SPDX-License-Identifier: Apache-2.0
/** The load generator: a scenario file, steps around the ceiling, and the account of it all. */
@NullMarked
package dev.frontdesk.load.generator;

import org.jspecify.annotations.NullMarked;
