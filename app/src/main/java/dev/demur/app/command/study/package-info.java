/// `demur study` and `demur report`: a whole study, its run folder and its reports.
@NullMarked
package dev.demur.app.command.study;

import org.jspecify.annotations.NullMarked;
