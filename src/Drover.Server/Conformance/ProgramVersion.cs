using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using Drover.Node.Processes;
using Drover.Node.Trees;

namespace Drover.Server.Conformance;

/// <summary>What a program says to <c>--version</c>.</summary>
internal abstract partial record ProgramVersion
{
    public const string Unknown = "unknown";

    private const int MostLines = 50;
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(20);

    private ProgramVersion() { }

    public sealed record Known(string Version) : ProgramVersion;

    /// <summary>The program is not one that is asked so; it may say its version in its handshake.</summary>
    public sealed record NotAsked : ProgramVersion;

    /// <summary>A known program that does not answer as such programs do is not that program.</summary>
    public sealed record Refused(string Why, IReadOnlyList<string> Seen) : ProgramVersion;

    public static async Task<ProgramVersion> Ask(KitPlace place, KitSubject subject, Worktree tree, CancellationToken token)
    {
        if (subject.Known is not { TellsVersion: true }) return new NotAsked();
        try
        {
            await using var process = await place.Start([subject.Program, "--version"], [], tree, place.HomeOf(subject), null, token);
            process.EndInput();
            var printed = await Read(process, place.Time, token);
            IReadOnlyList<string> seen = [.. printed.Concat(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)).TakeLast(5)];
            return process.ExitCode is not { } code ? new Refused($"{subject.Program} --version did not end within {Play.Words(s_bound)}", seen)
                : code != 0 ? new Refused($"{subject.Program} --version ended with exit code {code}", seen)
                : Find(printed.Append(process.Errors)) is { } version ? new Known(version)
                : new Refused(seen.Count == 0 ? $"{subject.Program} --version printed nothing" : $"{subject.Program} --version printed no version", seen);
        }
        catch (Win32Exception e)
        {
            return new Refused($"it cannot be started: {e.Message}", []);
        }
    }

    /// <summary>The first thing that looks like a version, as <c>2.1.197</c> does.</summary>
    internal static string? Find(IEnumerable<string> lines) => lines.Select(l => Shape().Match(l)).FirstOrDefault(m => m.Success)?.Value;

    private static async Task<List<string>> Read(PipedProcess process, TimeProvider time, CancellationToken token)
    {
        var lines = new List<string>();
        using var limit = new CancellationTokenSource(s_bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await foreach (var line in process.Lines.ReadAllAsync(either.Token))
                if (lines.Count < MostLines) lines.Add(Encoding.UTF8.GetString(line.Bytes.Span[..Math.Min(300, line.Bytes.Length)]).Trim());
            await process.WaitForExit(TimeSpan.FromSeconds(2));
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // It did not end; the caller sees that.
        }

        return lines;
    }

    [GeneratedRegex(@"(?<![\w.])\d{1,6}\.\d{1,6}(\.\d{1,6})?([-+][\w.]{1,40})?", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
