package dev.demur.serve.study;

/// A piece of a study's work.
///
/// @param name of it
/// @param done steps
/// @param total steps
public record Step(String name, long done, long total) {}
