# Starts a command in a session of its own, child of no one that ends with the server.
#   $ARGV[0]  number of the system call prctl, 0 when not known
#   $ARGV[1]  number of the system call setsid, 0 when not known
#   $ARGV[2]  where among the command's arguments to put 1 when orphans below it will become its children (Linux), else 0
my ($prctl, $setsid, $at, @command) = @ARGV;
$SIG{$_} = 'DEFAULT' for qw(HUP INT QUIT PIPE TERM USR1 USR2 ALRM CHLD TSTP TTIN TTOU CONT);
my $child = fork;
defined $child or die "cannot fork: $!\n";
exit 0 if $child;
my $reaper = $prctl && syscall($prctl + 0, 36, 1, 0, 0, 0) == 0 ? 1 : 0;
# What whoever started the server left open is not for agents.
if (opendir my $own, '/proc/self/fd') {
  my @open = grep { /^\d+$/ && $_ > 2 } readdir $own;
  closedir $own;
  for (@open) { open(my $file, '<&=', $_) and close $file }
}
if ($setsid) { syscall($setsid + 0) } else { require POSIX; POSIX::setsid() }
splice @command, $at, 0, $reaper;
exec { $command[0] } @command or die "cannot start $command[0]: $!\n";
