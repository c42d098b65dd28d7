using Drover.Node.Repositories;

namespace Drover.Node.Trees;

/// <summary>The directory below which Drover makes its worktrees, and the only place where it removes any.</summary>
public sealed class TreesRoot
{
    private TreesRoot(string path) => Path = path;

    /// <summary>Absolute and without links.</summary>
    public string Path { get; }

    /// <summary>Makes the directory if it is not there, for its owner alone.</summary>
    public static TreesRoot Open(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(RealPath.Of(path));
    }

    /// <summary>Whether the path, with its links followed, lies strictly below the root.</summary>
    internal bool Holds(string path) => RealPath.IsBelow(RealPath.Of(path), Path);

    /// <summary>The path of a tree with this name. The name is one component; anything else is a bug of the caller.</summary>
    internal string PathOf(string name) =>
        name.Length > 0 && name is not "." and not ".." && !name.Contains('/') && name[0] != '-'
            ? System.IO.Path.Combine(Path, name)
            : throw new ArgumentException($"'{name}' cannot name a worktree", nameof(name));
}
