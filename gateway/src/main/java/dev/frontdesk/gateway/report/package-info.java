// SPDX-License-Identifier: Apache-2.0
/** What supervisors see: who waits, who works, and how many promises were kept. */
@NullMarked
package dev.frontdesk.gateway.report;

import org.jspecify.annotations.NullMarked;
