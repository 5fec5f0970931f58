package dev.demur.toy.grammar;

/// One exchange to train on.
///
/// @param kind what it teaches
/// @param prompt what the user says
/// @param thought what a thinking model thinks before it answers
/// @param answer what the model should say
public record Example(ExampleKind kind, String prompt, String thought, String answer) {}
