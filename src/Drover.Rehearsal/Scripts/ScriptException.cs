namespace Drover.Rehearsal.Scripts;

/// <summary>A script that cannot be played. The message names file, line and column, and what is allowed there.</summary>
internal sealed class ScriptException(string file, long line, long column, string problem)
    : Exception($"{file}:{line}:{column}: {problem}");
