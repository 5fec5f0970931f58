/// What the tests of all modules share; other modules depend on this module's test jar.
///
/// * [Scoped] opens and closes the scopes of a test class.
/// * [Tolerance] says how far numbers may lie apart, and why; `assertClose` fails beyond.
/// * [TinyModels] are random models from a seed; [Checkpoints] are the committed ones of every
///   family, with what transformers computed from them, and [EveryCheckpoint] runs a law on each.
/// * [Devices] are those that laws hold on; [EveryDevice] runs a class of them on each.
/// * [WithConfig], [AlteredFiles], [Tracked] and other [FilesOver] change one thing about a model's
///   files; [WriterEdits] edit its weights as people do.
/// * [FakeHub] is a model hub on this machine.
///
/// What one module alone needs stays with its tests.
package dev.demur.kit;
