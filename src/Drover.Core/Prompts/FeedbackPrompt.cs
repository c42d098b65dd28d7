namespace Drover.Core;

/// <summary>What a coder is told whose work was sent back.</summary>
public static class FeedbackPrompt
{
    /// <summary>The longest that one finding may be, in characters; of a longer one the end is kept, where the failure stands as a rule.</summary>
    public const int Longest = 8000;

    /// <param name="instruction">What a person has said beside it.</param>
    public static string Write(IReadOnlyList<string> findings, string? instruction)
    {
        var said = string.Join("\n\n", findings.Select(f => f.Length <= Longest ? f : $"… {f[^Longest..]}"));
        return $"""
            Your work on this ticket was sent back. What was found:

            {said}

            Mend it in the same worktree and on the same branch, commit, and end with the summary.{(instruction is null ? "" : $"\n\n{instruction}")}
            """;
    }
}
