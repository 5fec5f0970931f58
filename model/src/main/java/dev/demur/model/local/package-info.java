/// Folders of this computer in which Demur keeps things, and the checks they must pass before they
/// are trusted.
///
/// [UserCache] is the folder for everything that can be made or fetched again. [NativeFolder] is
/// the part of it from which native libraries are loaded.
///
/// Start with [UserCache]. Run folders and checkpoints are not handled here.
@NullMarked
package dev.demur.model.local;

import org.jspecify.annotations.NullMarked;
