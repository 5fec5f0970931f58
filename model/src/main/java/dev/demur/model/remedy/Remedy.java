package dev.demur.model.remedy;

/// Something a caller can do about a failure. Each library lists its own in an enum.
public interface Remedy {}
