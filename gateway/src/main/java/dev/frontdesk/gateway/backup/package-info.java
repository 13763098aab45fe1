// SPDX-License-Identifier: Apache-2.0
/** A backup of the embedded store as one file: what is in it, whether it is whole. */
@NullMarked
package dev.frontdesk.gateway.backup;

import org.jspecify.annotations.NullMarked;
