using System.Text;

namespace Drover.Node.Repositories;

/// <summary>Where a git command works. Every directory is named, so that nothing a worktree holds (its <c>.git</c> file,
/// <c>commondir</c>) can point the server's git elsewhere.</summary>
/// <param name="GitDir">The checkout's own git directory; the common one when no checkout is meant.</param>
internal sealed record GitPlace(string CommonDir, string GitDir, string? WorkTree);

internal sealed record GitCommand(GitPlace Place, params IReadOnlyList<string> Arguments)
{
    public IReadOnlyList<string> Config { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte> Input { get; init; }

    public int OutputLimit { get; init; } = 64 << 20;

    public GitCommand Feeding(string input) => this with { Input = Encoding.UTF8.GetBytes(input) };
}

/// <param name="Truncated">The output was longer than the command's limit.</param>
internal sealed record GitResult(IReadOnlyList<string> Arguments, int ExitCode, byte[] Bytes, string Error, bool Truncated)
{
    public bool Ok => ExitCode == 0;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public string Line => Text.TrimEnd('\n');

    /// <summary>The NUL-terminated records of a <c>-z</c> output, byte for byte.</summary>
    public IEnumerable<byte[]> Records
    {
        get
        {
            var start = 0;
            for (var i = 0; i < Bytes.Length; i++)
            {
                if (Bytes[i] != 0) continue;
                yield return Bytes[start..i];
                start = i + 1;
            }

            if (start < Bytes.Length && !Truncated) yield return Bytes[start..];
        }
    }

    /// <summary>The result of a command that has no business failing.</summary>
    public GitResult Needed() => Ok ? this : throw new GitFailedException(this);
}

/// <summary>git failed where no expected reason exists: a broken repository, a full disk, a lock that stays.</summary>
public sealed class GitFailedException : Exception
{
    internal GitFailedException(GitResult result)
        : base($"git {string.Join(' ', result.Arguments.Take(2))} failed with exit code {result.ExitCode}: {result.Error}") =>
        ExitCode = result.ExitCode;

    public int ExitCode { get; }
}
