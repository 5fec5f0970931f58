package dev.demur.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A law about what is done around a family's blocks, which its variants share: the test runs once
/// for one tiny checkpoint of each family. [EveryCheckpoint] is for what variants change.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("dev.demur.kit.Checkpoints#oneOfEach")
public @interface EveryFamily {}
