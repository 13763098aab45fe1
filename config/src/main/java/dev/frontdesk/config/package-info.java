// SPDX-License-Identifier: Apache-2.0
/** The configuration of one gateway as validated records, and the loader that fills them. */
@NullMarked
package dev.frontdesk.config;

import org.jspecify.annotations.NullMarked;
