using System.Text.RegularExpressions;
using Xunit;

namespace Drover.Core.Tests.Guards;

public sealed partial class SourceTextTests
{
    private const int LongestFile = 400;

    /// <summary>Where a vendor's name may stand outside of the adapters, and why.</summary>
    private static readonly Dictionary<string, string> VendorsNamed = [];

    /// <summary>Where an exception of any kind may be caught and not thrown on: the loop, the process or HTTP boundary, the program's entry. Each with its reason.</summary>
    private static readonly Dictionary<string, string> CatchAlls = new()
    {
        ["src/Drover.Server/Http/Edge.cs"] = "the HTTP boundary: logs once, answers 500",
        ["src/Drover.Server/Journal/Command.cs"] = "a command of somebody else's: rolled back alone, thrown again to its caller",
        ["src/Drover.Server/Landing/MergeQueue.cs"] = "the loop of the merge queue: what cannot be read now can be at the next sweep",
        ["src/Drover.Server/Landing/ProjectPass.cs"] = "the loop of a project's tickets: the ticket is tried again later, the others go on",
        ["src/Drover.Server/Runs/RunLoop.cs"] = "the loop of a run: trouble that passes is waited for, other trouble settles the run",
        ["src/Drover.Server/Journal/Writer.cs"] = "the writer's loop: the whole group hears it, the next group begins anew",
    };

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines()
    {
        var files = new[] { "src", "test", "bench" }.SelectMany(d => Source.Files(d, "*.cs", "*.sh")).Concat(Source.Files("web", "*.ts", "*.tsx", "*.css")).Append(Source.At("dev"));

        Source.None(files.Where(f => !IsGenerated(f)).Select(f => (File: Source.Relative(f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > LongestFile).Select(f => $"{f.File} has {f.Lines} lines"));
    }

    [Fact]
    public void Vendors_are_named_in_the_adapters_and_the_rehearsal_alone()
    {
        var found = from file in Source.Files("src", "*.cs", "*.csproj", "*.sh")
                    let path = Source.Relative(file)
                    where !path.StartsWith("src/Drover.Agents/", StringComparison.Ordinal) && !path.StartsWith("src/Drover.Rehearsal/", StringComparison.Ordinal)
                    where Vendor().IsMatch(File.ReadAllText(file))
                    select path;

        Assert.Equal(VendorsNamed.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_exception_of_any_kind_is_swallowed_only_where_a_reason_is_written_here()
    {
        var found = from file in Source.Files("src", "*.cs")
                    let text = File.ReadAllText(file)
                    where CatchAll().Matches(text).Any(c => !ThrowsOn(text, c.Index + c.Length))
                    select Source.Relative(file);

        Assert.Equal(CatchAlls.Keys.Where(f => File.Exists(Source.At(f))).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_committed_says_nothing_of_the_machine_it_was_made_on()
    {
        var files = new[] { "src", "test", "docs", "bench" }.SelectMany(d => Source.Files(d, "*.cs", "*.md", "*.sh", "*.yaml", "*.json")).Concat(Directory.EnumerateFiles(Source.Root, "*.md"));
        var marks = new[] { "/work" + "/shared", "/work" + "/trees", "/work" + "/main", "/work" + "/notes" };

        Source.None(files.Where(f => marks.Any(File.ReadAllText(f).Contains)).Select(Source.Relative));
    }

    /// <summary>Whether a program wrote the file; nobody reads it from top to bottom.</summary>
    private static bool IsGenerated(string file) => File.ReadLines(file).Take(3).Any(l => l.Contains("auto-generated", StringComparison.Ordinal));

    /// <summary>Whether the block that opens after <paramref name="from"/> throws on what it caught: then it is clean-up.</summary>
    private static bool ThrowsOn(string text, int from)
    {
        var open = text.IndexOf('{', from);
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0) return Throw().IsMatch(text[open..i]);
        }

        return false;
    }

    [GeneratedRegex(@"\b(claude|codex|gemini|opencode|anthropic|openai|aider)|\bpi\b", RegexOptions.IgnoreCase)]
    private static partial Regex Vendor();

    [GeneratedRegex(@"\bcatch\s*(\((System\.)?Exception(\s+\w+)?\))?(?=\s*\{)")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\bthrow\s*;")]
    private static partial Regex Throw();
}
