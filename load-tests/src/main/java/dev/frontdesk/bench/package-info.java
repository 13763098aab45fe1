// SPDX-License-Identifier: Apache-2.0
/** What the hot rooms cost, one benchmark each; JMH. */
@NullMarked
package dev.frontdesk.bench;

import org.jspecify.annotations.NullMarked;
