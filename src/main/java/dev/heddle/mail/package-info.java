/// E-mail, over SMTP.
@NullMarked
package dev.heddle.mail;

import org.jspecify.annotations.NullMarked;
