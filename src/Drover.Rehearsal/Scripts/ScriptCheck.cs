namespace Drover.Rehearsal.Scripts;

/// <summary>Tells whether a script can be played.</summary>
internal static class ScriptCheck
{
    public static int Run(string source, TextWriter output)
    {
        var script = ScriptSource.Open(source);
        var parts = script.Rules.Select(rule => rule.Part).Append(script.Otherwise).ToList();
        output.WriteLine($"{source}: {script.Rules.Count} rules, {parts.Sum(part => part.Turns.Count + part.Answers.Count)} turns. It can be played.");
        return 0;
    }

    public static int List(TextWriter output)
    {
        foreach (var name in ScriptSource.Names()) output.WriteLine($"builtin:{name}");
        return 0;
    }
}
