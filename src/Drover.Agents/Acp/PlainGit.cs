namespace Drover.Agents.Acp;

/// <summary>Commands of git that a finished piece of work needs, with options that neither write elsewhere nor start another program. Git takes every unambiguous
/// beginning of a long option for the option itself, so options are known by their whole names or not at all.</summary>
internal static class PlainGit
{
    /// <param name="Letters">Short options without a value of their own, or with one that harms nobody.</param>
    /// <param name="Long">Long options, spelt out; what follows a <c>=</c> is their value.</param>
    private sealed record Known(string Letters, params string[] Long);

    private static readonly string[] s_diff =
    [
        "--stat", "--numstat", "--shortstat", "--name-only", "--name-status", "--summary", "--cached", "--staged", "--color", "--no-color", "--no-ext-diff", "--no-textconv",
        "--no-renames", "--find-renames", "--ignore-all-space", "--ignore-space-change", "--ignore-blank-lines", "--unified", "--word-diff", "--exit-code", "--quiet", "--check",
    ];

    private static readonly string[] s_log =
    [
        .. s_diff, "--oneline", "--graph", "--decorate", "--no-decorate", "--all", "--reverse", "--first-parent", "--merges", "--no-merges", "--max-count", "--since", "--until",
        "--author", "--grep", "--format", "--pretty", "--date", "--abbrev-commit", "--follow", "--no-patch",
    ];

    private const string DiffLetters = "pnuswbzMCBDRrtacq0123456789";

    private static readonly Dictionary<string, Known> s_commands = new()
    {
        ["add"] = new("Auvfn", "--all", "--update", "--verbose", "--force", "--dry-run", "--intent-to-add"),
        ["commit"] = new("aqsvu", "--all", "--message", "--amend", "--no-edit", "--allow-empty", "--quiet", "--signoff", "--verbose", "--author", "--date"),
        ["status"] = new("sbvuz", "--short", "--branch", "--porcelain", "--long", "--untracked-files", "--ignored"),
        ["diff"] = new(DiffLetters, s_diff),
        ["log"] = new(DiffLetters + "gi", s_log),
        ["show"] = new(DiffLetters, s_log),
        ["rm"] = new("rfnq", "--cached", "--force", "--dry-run", "--quiet", "--ignore-unmatch"),
        ["mv"] = new("fknv", "--force", "--dry-run", "--verbose"),
        ["restore"] = new("SWqs", "--staged", "--worktree", "--source", "--quiet"),
        ["ls-files"] = new("cdomsuktvfrz", "--cached", "--deleted", "--modified", "--others", "--stage", "--unmerged", "--exclude-standard", "--error-unmatch", "--full-name"),
        ["rev-parse"] = new("q", "--verify", "--quiet", "--short", "--abbrev-ref", "--symbolic-full-name", "--show-toplevel", "--show-prefix", "--show-cdup", "--git-dir",
            "--absolute-git-dir", "--git-common-dir", "--is-inside-work-tree"),
    };

    /// <summary>Whether a shell would run this as a chain of these commands and nothing else. What is not plainly so is not.</summary>
    public static bool Is(string line) =>
        ShellWords.Split(line) is { Count: > 0 } commands
        && commands.All(words => words is ["git", var name, .. var rest] && s_commands.TryGetValue(name, out var known) && rest.TakeWhile(w => w != "--").All(w => IsFine(w, name, known)));

    /// <summary>A value that stands as a word of its own and begins with a dash is judged like an option: then it is not known.</summary>
    private static bool IsFine(string word, string command, Known known)
    {
        if (word.Length < 2 || word[0] != '-') return true;
        if (word[1] == '-') return known.Long.Contains(word.Split('=')[0]);
        // The rest of a cluster after the message's letter is the message.
        var letters = command == "commit" && word.IndexOf('m') is > 0 and var message ? word[1..message] : word[1..];
        return letters.All(known.Letters.Contains);
    }
}
