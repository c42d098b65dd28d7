using System.Diagnostics;
using Drover.Node.Trees;
using Xunit;

namespace Drover.Server.Tests.Git;

/// <summary>Files read and written for an agent that may reach no further than its worktree.</summary>
public sealed class TreeFilesTests : IDisposable
{
    private readonly string _outside = Directory.CreateTempSubdirectory("drover-tree-").FullName;
    private readonly string _tree;
    private readonly TreeFiles _files;

    public TreeFilesTests()
    {
        _tree = Path.Combine(_outside, "tree");
        Directory.CreateDirectory(_tree);
        File.WriteAllText(Path.Combine(_outside, "secret"), "secret\n");
        File.WriteAllText(Path.Combine(_tree, ".git"), "gitdir: elsewhere\n");
        _files = new(_tree);
    }

    public void Dispose() => Directory.Delete(_outside, recursive: true);

    [Fact]
    public void What_is_written_can_be_read_whole_and_in_part()
    {
        Assert.IsType<TreeFileResult.Written>(_files.WriteText(Path.Combine(_tree, "src/deep/a.txt"), "one\ntwo\nthree"));

        Assert.Equal("one\ntwo\nthree", File.ReadAllText(Path.Combine(_tree, "src/deep/a.txt")));
        Assert.Equal(new TreeFileResult.Read("one\ntwo\nthree"), _files.ReadText("src/deep/a.txt", null, null));
        Assert.Equal(new TreeFileResult.Read("two\n"), _files.ReadText("src/deep/a.txt", 2, 1));
        Assert.Equal(new TreeFileResult.Read("two\nthree"), _files.ReadText("src/deep/a.txt", 2, null));
        Assert.Equal(new TreeFileResult.Read("one\n"), _files.ReadText("src/deep/a.txt", null, 1));
        Assert.Equal(new TreeFileResult.Read(""), _files.ReadText("src/deep/a.txt", 9, 9));
    }

    [Fact]
    public void A_shorter_text_leaves_nothing_of_the_longer_one()
    {
        _files.WriteText("a", "a long text");

        Assert.IsType<TreeFileResult.Written>(_files.WriteText("a", "short"));

        Assert.Equal("short", File.ReadAllText(Path.Combine(_tree, "a")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_missing_and_not_refused()
    {
        Assert.IsType<TreeFileResult.Missing>(_files.ReadText("nothing", null, null));
        Assert.IsType<TreeFileResult.Missing>(_files.ReadText("no/such/directory", null, null));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("src/../../secret")]
    [InlineData("../tree-beside/a")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(".git")]
    [InlineData("sub/.GIT/config")]
    [InlineData("a\0b")]
    public void Nothing_outside_of_the_tree_is_reached_and_nothing_of_gits(string path)
    {
        Assert.IsType<TreeFileResult.Refused>(_files.ReadText(path, null, null));
        Assert.IsType<TreeFileResult.Refused>(_files.WriteText(path, "x"));

        Assert.Equal("secret\n", File.ReadAllText(Path.Combine(_outside, "secret")));
        Assert.Equal("gitdir: elsewhere\n", File.ReadAllText(Path.Combine(_tree, ".git")));
        Assert.False(Directory.Exists(Path.Combine(_outside, "tree-beside")));
    }

    [Fact]
    public void No_link_is_followed_whether_at_the_end_or_on_the_way()
    {
        File.CreateSymbolicLink(Path.Combine(_tree, "file"), Path.Combine(_outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(_tree, "git"), ".git");
        File.CreateSymbolicLink(Path.Combine(_tree, "new"), Path.Combine(_outside, "made"));
        Directory.CreateSymbolicLink(Path.Combine(_tree, "up"), _outside);

        foreach (var path in new[] { "file", "git", "new", "up/secret", "up/made" })
        {
            Assert.IsType<TreeFileResult.Refused>(_files.ReadText(path, null, null));
            Assert.IsType<TreeFileResult.Refused>(_files.WriteText(path, "x"));
        }

        Assert.IsType<TreeFileResult.Refused>(_files.WriteText("up/deep/made", "x"));
        Assert.Equal("secret\n", File.ReadAllText(Path.Combine(_outside, "secret")));
        Assert.Equal("gitdir: elsewhere\n", File.ReadAllText(Path.Combine(_tree, ".git")));
        Assert.Equal(["secret", "tree"], Directory.EnumerateFileSystemEntries(_outside).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_is_no_file_of_text_is_refused_and_never_waited_for()
    {
        Directory.CreateDirectory(Path.Combine(_tree, "directory"));
        using (var made = Process.Start("mkfifo", [Path.Combine(_tree, "pipe")])) made.WaitForExit();
        File.WriteAllBytes(Path.Combine(_tree, "binary"), [0xff, 0xfe, 0x00]);
        using (var large = File.Create(Path.Combine(_tree, "large"))) large.SetLength(TreeFiles.LargestFile + 1);
        File.WriteAllText(Path.Combine(_tree, "long"), new string('x', TreeFiles.LongestText + 1));

        foreach (var path in new[] { "directory", "pipe", "binary", "large", "long" }) Assert.IsType<TreeFileResult.Refused>(_files.ReadText(path, null, null));
        foreach (var path in new[] { "directory", "pipe" }) Assert.IsType<TreeFileResult.Refused>(_files.WriteText(path, "x"));
        Assert.IsType<TreeFileResult.Refused>(_files.WriteText("binary/below", "x"));
    }
}
