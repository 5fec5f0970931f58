package dev.demur.model.hub;

import java.util.List;

/// A model in the cache, whoever fetched it.
///
/// @param name `org/name`, or `name` for the few that have no organisation
/// @param revisions snapshots that are here, newest first
/// @param bytes content on disk, each counted once however many snapshots share it
/// @param unfinished transfers that were cut; pulling again continues them
public record CachedModel(String name, List<CachedRevision> revisions, long bytes, int unfinished) {

  public CachedModel {
    revisions = List.copyOf(revisions);
  }
}
