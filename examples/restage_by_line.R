# Restages pairs of stages from R: rstage runs beside the script and answers each line with one line.
#
#     Rscript restage_by_line.R rstage < pairs.tsv
#
# The arguments are the command that starts rstage. Standard input has the stage at diagnosis, a tab, and the new
# assessment; blank where the cancer did not come back. Base R is enough. Base R has no pipe that goes both ways,
# so the answers come through a named pipe, which Linux and macOS have.

start_rstage <- function(command) {
  answers <- tempfile("rstage")
  if (system2("mkfifo", shQuote(answers)) != 0) stop("there is no named pipe here")
  words <- c(
    command, "restage", "-", "--input-format", "ndjson", "--diagnosis", "diagnosis",
    "--assessment", "assessment", "--no-link", "--quiet"
  )
  questions <- pipe(paste(paste(shQuote(words), collapse = " "), ">", shQuote(answers)), "w")
  list(questions = questions, answers = fifo(answers, "r", blocking = TRUE), file = answers)
}

stop_rstage <- function(rstage) {
  # 1 says that a line had a finding of severity error; from 2 on rstage could not do its work.
  status <- close(rstage$questions)
  close(rstage$answers)
  unlink(rstage$file)
  code <- if (is.null(status)) 0 else status %/% 256
  if (code > 1) stop("rstage ended with exit code ", code)
}

quoted <- function(text) {
  text <- gsub("([\"\\\\])", "\\\\\\1", enc2utf8(text))
  control <- gregexpr("[[:cntrl:]]", text)
  regmatches(text, control) <- lapply(regmatches(text, control), function(found) {
    sprintf("\\u%04x", vapply(found, utf8ToInt, 0L))
  })
  paste0("\"", text, "\"")
}

# What is asked for is plain: codes, canonical stages and kinds of recurrence have no escapes.
value_of <- function(answer, key) {
  sub(paste0(".*\"", key, "\":\"([^\"]*)\".*"), "\\1", answer)
}

restage <- function(rstage, diagnosis, assessment) {
  question <- paste0("{\"diagnosis\":", quoted(diagnosis), ",\"assessment\":", quoted(assessment), "}")
  writeLines(question, rstage$questions, useBytes = TRUE)
  flush(rstage$questions)
  answer <- readLines(rstage$answers, n = 1)
  if (length(answer) == 0) stop("rstage has ended; standard error says why")
  vapply(c("restaged", "restage_recurrence", "restage_findings"), value_of, "", answer = answer)
}

rstage <- start_rstage(commandArgs(trailingOnly = TRUE))
input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1)) > 0) {
  pair <- c(strsplit(line, "\t", fixed = TRUE)[[1]], "", "")
  cat(restage(rstage, pair[1], pair[2]), sep = "\t")
  cat("\n")
}
close(input)
stop_rstage(rstage)
