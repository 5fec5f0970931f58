@echo off
rem Runs Demur on Windows: finds a JDK 25 or newer, builds when there is no build, starts the command line.
rem It has not been tried on a machine with Windows; the tests compare it with the launcher beside it.
rem
rem   DEMUR_JAVA_HOME   the JDK to use, before JAVA_HOME and the PATH
rem   DEMUR_JAVA_OPTS   further options for the Java virtual machine, e.g. -Xmx8g
setlocal
set "home=%~dp0."
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
if defined DEMUR_JAVA_HOME set "java=%DEMUR_JAVA_HOME%\bin\java"

rem The build writes this file last.
if exist "%home%\app\target\built" goto run
echo demur: building (the first time takes a minute or two) ... 1>&2
call mvn -B -q -f "%home%\pom.xml" -P quick -Dmaven.test.skip=true -Dexec.skip=true package 1>&2
if errorlevel 1 exit /b 1

:run
chcp 65001 >nul
rem As for the other launcher: chat, bench and doctor open a door into Java's own module code.
set "modules="
if "%~1"=="chat" set "modules=--add-exports java.base/jdk.internal.module=ALL-UNNAMED"
if "%~1"=="bench" set "modules=--add-exports java.base/jdk.internal.module=ALL-UNNAMED"
if "%~1"=="doctor" set "modules=--add-exports java.base/jdk.internal.module=ALL-UNNAMED"
"%java%" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 -Dstdin.encoding=UTF-8 -Dfile.encoding=UTF-8 %modules% %DEMUR_JAVA_OPTS% -cp "%home%\app\target\classes;%home%\app\target\lib\*" dev.demur.app.Main %*
exit /b %errorlevel%
