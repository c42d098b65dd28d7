using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Drover.Node.Trees;

/// <summary>What became of a file that was to be read or written on behalf of somebody else.</summary>
public abstract record TreeFileResult
{
    private TreeFileResult() { }

    public sealed record Read(string Text) : TreeFileResult;

    public sealed record Written : TreeFileResult;

    public sealed record Missing(string Path) : TreeFileResult;

    public sealed record Refused(string Why) : TreeFileResult;
}

/// <summary>Reads and writes text files of one directory for somebody who may reach no further: no link is followed, whoever makes one at the same moment, nothing
/// above the directory is opened, and nothing of git's. It needs Linux 5.6; elsewhere everything is refused.</summary>
public sealed class TreeFiles(string root)
{
    /// <summary>The largest file that is looked at, and the longest text that is given back, in bytes and characters.</summary>
    public const int LargestFile = 10 * 1024 * 1024, LongestText = 1024 * 1024;

    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, NonBlocking = 0x800, CloseOnExec = 0x80000, PathOnly = 0x200000;
    private const int EmptyPath = 0x1000, TypeBits = 0xF000, RegularFile = 0x8000;
    private const uint TypeOnly = 1;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <param name="path">Absolute, or relative to the directory.</param>
    /// <param name="firstLine">Counted from 1; null: from the start.</param>
    /// <param name="lines">How many lines; null: all that follow.</param>
    public TreeFileResult ReadText(string path, long? firstLine, long? lines)
    {
        if (Within(path) is not { } inside) return Outside(path);
        using var file = Open(inside, ReadOnly | NonBlocking, 0, out var failure);
        if (file is null) return failure!;
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length > LargestFile) return new TreeFileResult.Refused($"{path} has {length} bytes, more than the {LargestFile} that are read");
            var bytes = new byte[length];
            var text = Cut(s_strict.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0)), firstLine, lines);
            return text.Length > LongestText
                ? new TreeFileResult.Refused($"{path} is longer than the {LongestText} characters that are given at once; ask for fewer lines")
                : new TreeFileResult.Read(text);
        }
        catch (DecoderFallbackException)
        {
            return new TreeFileResult.Refused($"{path} is not text in UTF-8");
        }
        catch (IOException e)
        {
            return new TreeFileResult.Refused(e.Message);
        }
    }

    /// <summary>Writes the whole of the file, and the directories above it that are missing.</summary>
    public TreeFileResult WriteText(string path, string text)
    {
        if (Within(path) is not { } inside) return Outside(path);
        if (MakeParents(inside) is { } refused) return refused;
        using var file = Open(inside, WriteOnly | Create | NonBlocking, Convert.ToInt32("644", 8), out var failure);
        if (file is null) return failure!;
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
            return new TreeFileResult.Written();
        }
        catch (IOException e)
        {
            return new TreeFileResult.Refused(e.Message);
        }
    }

    private static TreeFileResult.Refused Outside(string path) => new($"{path} is not in the worktree, or it is git's; only files of the worktree can be read and written here");

    /// <summary>The path relative to the directory; null when it is not in there, or not for others.</summary>
    private string? Within(string path)
    {
        if (path.Length == 0 || path.Contains('\0')) return null;
        var relative = Path.GetRelativePath(root, Path.GetFullPath(path, root));
        var names = relative.Split('/');
        return Path.IsPathRooted(relative) || names[0] is "." or ".." || names.Contains(".git", StringComparer.OrdinalIgnoreCase) ? null : relative;
    }

    private TreeFileResult? MakeParents(string inside)
    {
        var names = inside.Split('/');
        for (var depth = 1; depth < names.Length; depth++)
        {
            using var parent = OpenAny(string.Join('/', names[..(depth - 1)]), PathOnly, 0);
            if (parent is null) return Failure(inside);
            if (Native.MakeDirectoryAt((int)parent.DangerousGetHandle(), names[depth - 1], Convert.ToUInt32("755", 8)) != 0
                && Marshal.GetLastPInvokeError() != Native.FileExists) return Failure(inside);
        }

        return null;
    }

    private SafeFileHandle? Open(string inside, int flags, int mode, out TreeFileResult? failure)
    {
        failure = null;
        var file = OpenAny(inside, flags, mode);
        if (file is null) failure = Failure(inside);
        else if (!IsFile(file))
        {
            file.Dispose();
            failure = new TreeFileResult.Refused($"{inside} is not a file");
            return null;
        }

        return file;
    }

    private static bool IsFile(SafeFileHandle file) =>
        Native.StatX((int)file.DangerousGetHandle(), "", EmptyPath, TypeOnly, out var facts) == 0 && (facts.Mode & TypeBits) == RegularFile;

    private SafeFileHandle? OpenAny(string inside, int flags, int mode)
    {
        var top = Native.OpenAt2(Native.AtWorkingDirectory, root, PathOnly | CloseOnExec, 0, 0);
        if (top is null || inside.Length == 0) return top;
        using var directory = top;
        return Native.OpenAt2((int)directory.DangerousGetHandle(), inside, flags | CloseOnExec, mode, Native.ResolveBeneath | Native.ResolveNoSymlinks | Native.ResolveNoMagicLinks);
    }

    private static TreeFileResult Failure(string inside) => Marshal.GetLastPInvokeError() switch
    {
        Native.NoSuchFile => new TreeFileResult.Missing(inside),
        Native.TooManyLinks => new TreeFileResult.Refused($"{inside} is a link, or is reached through one; links are not followed"),
        var error => new TreeFileResult.Refused($"{inside}: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    private static string Cut(string text, long? firstLine, long? lines)
    {
        var start = 0;
        for (var line = 1L; line < (firstLine ?? 1) && start < text.Length; line++) start = NextLine(text, start);
        var end = lines is null ? text.Length : start;
        for (var line = 0L; line < (lines ?? 0) && end < text.Length; line++) end = NextLine(text, end);
        return text[start..end];
    }

    private static int NextLine(string text, int from) => text.IndexOf('\n', from) is var feed and >= 0 ? feed + 1 : text.Length;
}
