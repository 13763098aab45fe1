// SPDX-License-Identifier: Apache-2.0
/** The command line: one class per command; each states its outcome as an exit code. */
@NullMarked
package dev.frontdesk.gateway.cli;

import org.jspecify.annotations.NullMarked;
