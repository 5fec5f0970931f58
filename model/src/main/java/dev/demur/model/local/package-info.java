/// Folders of this computer that Demur keeps things in, and what is asked of them before they are
/// trusted.
///
/// [dev.demur.model.local.UserCache] is where everything goes that can be made or fetched again;
/// [dev.demur.model.local.NativeFolder] is the part of it that native libraries are loaded from.
/// Run folders and checkpoints are not the business of this package.
@NullMarked
package dev.demur.model.local;

import org.jspecify.annotations.NullMarked;
