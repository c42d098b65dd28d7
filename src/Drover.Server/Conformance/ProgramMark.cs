using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Drover.Api;

namespace Drover.Server.Conformance;

/// <summary>Tells by a few looks at the disk whether a command is still the program that it was. Nothing is started.</summary>
internal static class ProgramMark
{
    /// <summary>A program that is a script of a package is as new as its package.</summary>
    private const string Package = "package.json";

    private const int PackageDepth = 5;
    private const int MostBytes = 1 << 20;

    /// <summary>Of the program and of every file that the command names.</summary>
    public static string Of(IReadOnlyList<string> command)
    {
        var text = new StringBuilder();
        foreach (var word in command.Where((w, i) => i == 0 || Path.IsPathFullyQualified(w)).Where(File.Exists))
        {
            var file = new FileInfo(CanonicalPath.Of(word));
            text.Append(CultureInfo.InvariantCulture, $"{file.FullName}\n{file.Length}\n{file.LastWriteTimeUtc.Ticks}\n{PackageOf(file)}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    /// <summary>Package managers give all files the same date, so the date alone tells nothing.</summary>
    private static string? PackageOf(FileInfo program)
    {
        var directory = program.Directory;
        for (var depth = 0; depth < PackageDepth && directory is not null; depth++, directory = directory.Parent)
        {
            var package = new FileInfo(Path.Combine(directory.FullName, Package));
            if (package is { Exists: true, Length: < MostBytes }) return File.ReadAllText(package.FullName);
        }

        return null;
    }
}
