using System.Text;
using Drover.Core;

namespace Drover.Node.Repositories;

/// <summary>A git repository on this machine, found and fit for Drover.</summary>
public sealed class Repository
{
    internal Repository(Git git, string commonDir, string? topLevel, bool isShallow)
    {
        Git = git;
        CommonDir = commonDir;
        TopLevel = topLevel;
        IsShallow = isShallow;
        Place = new(commonDir, commonDir, null);
    }

    /// <summary>The git directory that all worktrees share, as an absolute path without links.</summary>
    public string CommonDir { get; }

    /// <summary>The main checkout; null in a bare repository.</summary>
    public string? TopLevel { get; }

    public bool IsBare => TopLevel is null;

    /// <summary>History ends at some depth. Worktrees and landings work; what lies beyond the edge is unknown.</summary>
    public bool IsShallow { get; }

    internal Git Git { get; }

    internal GitPlace Place { get; }

    /// <summary>Opens the repository that holds the path, or says why not and what to do.</summary>
    public static Task<RepositoryOpening> Open(Git git, string path, CancellationToken cancellation) =>
        RepositoryOpening.Open(git, path, cancellation);

    /// <summary>The branch that the main checkout's HEAD names; null when HEAD is detached. Never assumed to be <c>main</c>.</summary>
    public async Task<BranchName?> DefaultBranch(CancellationToken cancellation)
    {
        // Looked up at each start, so not worth a process where the file says it plainly; where refs are kept otherwise it holds no valid name.
        if (HeadFile() is { } named && RefName.IsBranch(named)) return new BranchName(named);
        var head = await Run(cancellation, "symbolic-ref", "-q", "HEAD");
        return head.Ok && head.Line.StartsWith("refs/heads/", StringComparison.Ordinal) ? new BranchName(head.Line[11..]) : null;
    }

    private string? HeadFile()
    {
        const string Start = "ref: refs/heads/";
        var file = Path.Combine(CommonDir, "HEAD");
        return File.Exists(file) && File.ReadAllText(file).TrimEnd('\n') is var text && text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..] : null;
    }

    public Task<CommitSha?> Resolve(BranchName branch, CancellationToken cancellation) => Resolve(branch.Ref, cancellation);

    /// <summary>The commit that a branch, tag, full ref or object id names; null when there is none. Text from outside may be given.</summary>
    public async Task<CommitSha?> Resolve(string name, CancellationToken cancellation)
    {
        if (name is not "HEAD" && !RefName.IsBranch(name)) return null;
        var result = await Run(cancellation, "rev-parse", "--verify", "-q", "--end-of-options", name + "^{commit}");
        return result.Ok && RefName.IsObjectId(result.Line) ? new CommitSha(result.Line) : null;
    }

    /// <summary>Whether the commit is the other one or one of its ancestors.</summary>
    public async Task<bool> IsAncestor(CommitSha commit, CommitSha of, CancellationToken cancellation) =>
        await Run(cancellation, "merge-base", "--is-ancestor", commit.Value, of.Value) is { ExitCode: var exit } result
        && (exit is 0 or 1 ? exit == 0 : throw new GitFailedException(result));

    public async Task<TreeSha> TreeOf(CommitSha commit, CancellationToken cancellation) =>
        new((await Run(cancellation, "rev-parse", "--verify", "--end-of-options", commit.Value + "^{tree}")).Needed().Line);

    /// <summary>A file as a commit holds it, at most <paramref name="limit"/> bytes of it.</summary>
    public async Task<CommittedFile> ReadFile(CommitSha commit, string path, int limit, CancellationToken cancellation)
    {
        if (path.Contains('\n')) return new CommittedFile.Missing();
        var command = new GitCommand(Place, "cat-file", "--batch") { OutputLimit = limit + 256 }.Feeding($"{commit.Value}:{path}\n");
        var answer = (await Git.Run(command, cancellation)).Needed().Bytes;
        var end = Array.IndexOf(answer, (byte)'\n');
        var words = end < 0 ? [] : Encoding.UTF8.GetString(answer, 0, end).Split(' ');
        if (words is not [_, "blob", var size]) return new CommittedFile.Missing();
        var length = long.Parse(size, System.Globalization.CultureInfo.InvariantCulture);
        return length > limit ? new CommittedFile.TooLarge(length) : new CommittedFile.Present(answer[(end + 1)..(end + 1 + (int)length)]);
    }

    /// <summary>The object directories of other repositories that this one borrows from (<c>git clone --shared</c>).</summary>
    internal IReadOnlyList<string> Alternates()
    {
        var objects = Path.Combine(CommonDir, "objects");
        var file = Path.Combine(objects, "info", "alternates");
        return !File.Exists(file) ? []
            : [.. File.ReadAllLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(l => RealPath.Of(Path.Combine(objects, l))).Where(Directory.Exists)];
    }

    internal Task<GitResult> Run(CancellationToken cancellation, params string[] arguments) => Git.Run(new(Place, arguments), cancellation);

    internal Task<T> InQueue<T>(Func<Task<T>> work, CancellationToken cancellation) => Git.InQueue(CommonDir, work, cancellation);
}

/// <summary>A file of a commit.</summary>
public abstract record CommittedFile
{
    private CommittedFile() { }

    public sealed record Present(byte[] Bytes) : CommittedFile;

    public sealed record Missing : CommittedFile;

    public sealed record TooLarge(long Bytes) : CommittedFile;
}
