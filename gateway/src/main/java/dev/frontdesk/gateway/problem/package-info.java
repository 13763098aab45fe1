// SPDX-License-Identifier: Apache-2.0
/** What can go wrong, as a closed set of kinds. */
@NullMarked
package dev.frontdesk.gateway.problem;

import org.jspecify.annotations.NullMarked;
